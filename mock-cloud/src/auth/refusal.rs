//! The words in which each service refuses a request that did not prove who it is from.

use http::StatusCode;
use serde_json::json;
use time::OffsetDateTime;

use super::AuthError;
use crate::gateway::request::Request;
use crate::gateway::route::{Route, Service};
use crate::http::Reply;
use crate::rpc;

/// The answer to a request that was not let in.
pub(crate) fn refuse(error: &AuthError, request: &Request, route: &Route, request_id: &str) -> Reply {
    match route.service {
        Service::Oss => oss(error, request, request_id),
        Service::Sls => sls(error),
        service => service_error(service, &rpc_error(error), request, request_id),
    }
}

fn rpc_error(error: &AuthError) -> rpc::Error {
    let (status, code, message): (u16, &str, String) = match error {
        AuthError::Anonymous => {
            (400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.".into())
        }
        AuthError::Unreadable => (400, "IncompleteSignature", "The signature cannot be read.".into()),
        AuthError::Missing(name) => (400, "IncompleteSignature", format!("The request carries no {name}.")),
        AuthError::Unsigned(name) => {
            (400, "IncompleteSignature", format!("The header {name} is not signed."))
        }
        AuthError::UnsupportedMethod | AuthError::UnsupportedVersion => {
            (400, "InvalidSignatureMethod", "The signature method is not supported.".into())
        }
        AuthError::UnknownKey(_) => {
            (404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.".into())
        }
        AuthError::InactiveKey(_) => {
            (400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.".into())
        }
        AuthError::Mismatch { text, .. } => (
            400,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature is not matched with our calculation. server string to sign is:{}",
                text.replace('\n', "\\n")
            ),
        ),
        AuthError::BodyHash => {
            (400, "SignatureDoesNotMatch", "x-acs-content-sha256 is not the hash of the body.".into())
        }
        AuthError::DateMissing | AuthError::DateFormat => (
            400,
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.".into(),
        ),
        AuthError::Skewed { .. } | AuthError::LinkExpired => {
            (400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.".into())
        }
        AuthError::NonceUsed => {
            (400, "SignatureNonceUsed", "Specified signature nonce was used already.".into())
        }
        AuthError::TokenMissing(_) => {
            (400, "MissingSecurityToken", "SecurityToken is mandatory for this action.".into())
        }
        AuthError::TokenMismatch => (
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.".into(),
        ),
        AuthError::TokenExpired => {
            (400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.".into())
        }
        AuthError::ScopeRegion | AuthError::ScopeProduct | AuthError::NoAdditionalHeaders => {
            (400, "IncompleteSignature", "The signing scope is invalid.".into())
        }
    };
    rpc::Error::new(status, code, message)
}

fn oss(error: &AuthError, request: &Request, request_id: &str) -> Reply {
    let mut more: Vec<(&str, String)> = Vec::new();
    let authorization = request.header("authorization").unwrap_or("").to_owned();
    let (status, code, ec, message) = match error {
        AuthError::Anonymous => (
            403,
            "AccessDenied",
            "0003-00000001",
            "You have no right to access this object because of bucket acl.",
        ),
        AuthError::UnknownKey(id) => {
            more.push(("OSSAccessKeyId", id.clone()));
            let message = "The OSS Access Key Id you provided does not exist in our records.";
            (403, "InvalidAccessKeyId", "0002-00000902", message)
        }
        AuthError::TokenMissing(id) => {
            more.push(("OSSAccessKeyId", id.clone()));
            let message = "The OSS Access Key Id is temporary and came without its security token.";
            (403, "InvalidAccessKeyId", "0002-00000003", message)
        }
        AuthError::InactiveKey(id) => {
            more.push(("OSSAccessKeyId", id.clone()));
            (403, "InvalidAccessKeyId", "0002-00000904", "The OSS Access Key Id you provided is disabled.")
        }
        AuthError::Mismatch { key_id, provided, text } => {
            let bytes: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
            more.push(("OSSAccessKeyId", key_id.clone()));
            more.push(("SignatureProvided", provided.clone()));
            more.push(("StringToSign", text.clone()));
            more.push(("StringToSignBytes", bytes.join(" ")));
            let message = "The request signature we calculated does not match the signature you provided. \
                Check your key and signing method.";
            (403, "SignatureDoesNotMatch", "0002-00000040", message)
        }
        AuthError::ScopeRegion => {
            more.push(("Authorization", authorization));
            (400, "InvalidArgument", "0002-00000226", "Invalid signing region in Authorization header.")
        }
        AuthError::ScopeProduct => {
            more.push(("Authorization", authorization));
            (400, "InvalidArgument", "0002-00000227", "Invalid signing product in Authorization header.")
        }
        AuthError::NoAdditionalHeaders => {
            more.push(("Authorization", authorization));
            (400, "InvalidArgument", "0002-00000209", "Invalid additional headers in Authorization header.")
        }
        AuthError::Unreadable
        | AuthError::UnsupportedMethod
        | AuthError::UnsupportedVersion
        | AuthError::Unsigned(_)
        | AuthError::BodyHash => (400, "InvalidArgument", "", "Authorization header is invalid."),
        AuthError::Missing(name) => {
            more.push(("ArgumentName", (*name).to_owned()));
            (400, "InvalidArgument", "", "A parameter of the signature is missing.")
        }
        AuthError::DateFormat => {
            (400, "InvalidArgument", "", "The date or validity of the signature is invalid.")
        }
        AuthError::DateMissing => {
            let message = "OSS authentication requires a valid Date.";
            (403, "AccessDenied", "0002-00000503", message)
        }
        AuthError::Skewed { request, server } => {
            let time = |time: &OffsetDateTime| rpc::timestamp(*time).replace('Z', ".000Z");
            more.push(("RequestTime", time(request)));
            more.push(("ServerTime", time(server)));
            let message = "The difference between the request time and the current time is too large.";
            (403, "RequestTimeTooSkewed", "0002-00000504", message)
        }
        AuthError::LinkExpired => (403, "AccessDenied", "0002-00000236", "Request has expired."),
        AuthError::TokenMismatch => (
            403,
            "AccessKeyIdAndSecurityTokenNotMatch",
            "",
            "The security token does not belong to the access key id.",
        ),
        AuthError::TokenExpired => {
            (403, "SecurityTokenExpired", "", "The security token you provided has expired.")
        }
        AuthError::NonceUsed => (403, "AccessDenied", "", "The request was used before."),
    };
    OssError { status, code, ec, message, more }.reply(
        &request.host,
        request_id,
        request.method == http::Method::HEAD,
    )
}

/// An error document of OSS, as far as the edge needs it.
pub(crate) struct OssError<'t> {
    pub(crate) status: u16,
    pub(crate) code: &'t str,
    pub(crate) ec: &'t str,
    pub(crate) message: &'t str,
    pub(crate) more: Vec<(&'t str, String)>,
}

impl OssError<'_> {
    /// The document as an answer; without a body, but with the document in a header, for HEAD.
    pub(crate) fn reply(&self, host: &str, request_id: &str, head: bool) -> Reply {
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        let mut body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>{}</Code>\n  <Message>{}</Message>\n  \
             <RequestId>{request_id}</RequestId>\n  <HostId>{}</HostId>\n",
            self.code,
            escape(self.message),
            escape(host),
        );
        for (name, value) in &self.more {
            body.push_str(&format!("  <{name}>{}</{name}>\n", escape(value)));
        }
        if !self.ec.is_empty() {
            let link = format!("https://api.aliyun.com/troubleshoot?q={}", self.ec);
            body.push_str(&format!("  <EC>{}</EC>\n  <RecommendDoc>{link}</RecommendDoc>\n", self.ec));
        }
        body.push_str("</Error>\n");
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let reply = if head {
            Reply::empty(status).with_header("x-oss-err", &super::crypto::base64(body.as_bytes()))
        } else {
            Reply::xml(status, body)
        };
        let reply = if self.ec.is_empty() { reply } else { reply.with_header("x-oss-ec", self.ec) };
        reply.with_error(self.code)
    }
}

/// An error of a service that came about outside of it: at the edge or by a fault rule.
pub(crate) fn service_error(
    service: Service,
    error: &rpc::Error,
    request: &Request,
    request_id: &str,
) -> Reply {
    let (status, code, message) = (error.status, error.code.as_str(), error.message.as_str());
    match service {
        Service::Oss => {
            let head = request.method == http::Method::HEAD;
            // Refusals by a policy have a number of their own.
            let ec = if code == "AccessDenied" { "0003-00000001" } else { "" };
            OssError { status, code, ec, message, more: Vec::new() }.reply(&request.host, request_id, head)
        }
        Service::Sls => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Reply::json(status, &json!({ "errorCode": code, "errorMessage": message })).with_error(code)
        }
        Service::ActionTrail | Service::Sts | Service::Ram | Service::ResourceManager => {
            let xml = rpc::wants_xml(request.param("Format"), request.header("authorization"));
            rpc::error_reply(error, xml, &request.host, request_id)
        }
    }
}

fn sls(error: &AuthError) -> Reply {
    let (status, code, message): (u16, &str, String) = match error {
        AuthError::Anonymous => (400, "MissAccessKeyId", "The request is not signed.".into()),
        AuthError::Unreadable => (400, "MissAccessKeyId", "The Authorization header cannot be read.".into()),
        AuthError::Missing("x-log-apiversion") => {
            (400, "MissingAPIVersion", "x-log-apiversion does not exist in http header.".into())
        }
        AuthError::Missing("x-log-signaturemethod") => {
            (400, "MissingSignatureMethod", "x-log-signaturemethod does not exist in http header.".into())
        }
        AuthError::Missing(name) => {
            (400, "ParameterInvalid", format!("{name} does not exist in http header."))
        }
        AuthError::UnsupportedMethod => {
            (400, "InvalidSignatureMethod", "signature method is not supported.".into())
        }
        // Code as documented, status and wording assumed.
        AuthError::UnsupportedVersion => {
            (400, "SignatureVersionNotSupported", "The endpoint accepts signature version 4 only.".into())
        }
        AuthError::UnknownKey(id) => (401, "Unauthorized", format!("AccessKeyId not found: {id}")),
        AuthError::InactiveKey(id) => (401, "Unauthorized", format!("AccessKeyId is inactive: {id}")),
        AuthError::Mismatch { provided, .. } => {
            (401, "SignatureNotMatch", format!("signature {provided} not match"))
        }
        AuthError::BodyHash => (401, "SignatureNotMatch", "the digest of the body does not match".into()),
        AuthError::DateMissing => (400, "MissingDate", "Date does not exist in http header.".into()),
        AuthError::DateFormat => {
            (400, "InvalidDateFormat", "The date of the request is not well formed.".into())
        }
        AuthError::Skewed { request, server } => (
            400,
            "RequestTimeExpired",
            format!(
                "Request time {} has been expired while server time is {}.",
                request.unix_timestamp(),
                server.unix_timestamp()
            ),
        ),
        AuthError::ScopeRegion => {
            (400, "ParameterInvalid", "The signing region in credential is invalid".into())
        }
        AuthError::ScopeProduct => {
            (400, "ParameterInvalid", "The signing product in credential is invalid".into())
        }
        AuthError::TokenMissing(_) | AuthError::TokenMismatch => {
            (401, "Unauthorized", "The security token does not belong to the access key.".into())
        }
        AuthError::TokenExpired => (401, "Unauthorized", "The security token has expired.".into()),
        AuthError::NonceUsed
        | AuthError::LinkExpired
        | AuthError::Unsigned(_)
        | AuthError::NoAdditionalHeaders => (401, "Unauthorized", "The request is not valid.".into()),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
    Reply::json(status, &json!({ "errorCode": code, "errorMessage": message })).with_error(code)
}
