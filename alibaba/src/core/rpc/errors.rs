//! The error codes of the gateway that all RPC services share.

use crate::kind::{
    CLOCK, CREDENTIALS, DENIED, INVALID, REPEATED, THROTTLED, Table, UNAVAILABLE, UNSUPPORTED,
};

pub(crate) const TABLE: Table = &[
    (
        DENIED,
        &["NoPermission", "NoPermission.*", "Forbidden", "Forbidden.RAM", "AccessDenied", "UserDisable"],
    ),
    (
        CREDENTIALS,
        &[
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "InvalidSignature",
            "InvalidAccessKeyId*",
            "Forbidden.AccessKeyDisabled",
            "InvalidSecurityToken*",
            "MissingSecurityToken",
        ],
    ),
    (CLOCK, &["InvalidTimeStamp.*"]),
    // Some products put a word in front, and the status differs between them.
    (THROTTLED, &["Throttling*", "Rejected.Throttling"]),
    (REPEATED, &["SignatureNonceUsed"]),
    (UNAVAILABLE, &["InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable"]),
    (
        UNSUPPORTED,
        &[
            "InvalidAction",
            "InvalidAction.NotFound",
            "InvalidApi.NotFound",
            "InvalidProduct.NotFound",
            "InvalidRegion.NotFound",
            "InvalidVersion",
            "InvalidProtocol.NeedSsl",
            "UnsupportedHTTPMethod",
        ],
    ),
    (
        INVALID,
        &[
            "InvalidParameter*",
            "Missing*",
            "InvalidSignatureMethod",
            "InvalidAcceptLanguage",
            "ContentLengthDoesNotMatch",
            "ContentMD5NotMatched",
        ],
    ),
];
