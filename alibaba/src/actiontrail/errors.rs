//! The error codes of ActionTrail (API reference, error list of the service).

use crate::kind::{
    ALREADY_EXISTS, CONFLICT, DENIED, INVALID, NOT_FOUND, NOT_YET_VISIBLE, OTHER, QUOTA, Table, UNSUPPORTED,
};

pub(crate) const TABLE: Table = &[
    (
        NOT_FOUND,
        &[
            "TrailNotFoundException",
            "DeliveryHistoryJobNotFound",
            "ServiceTrailNotExist",
            "InsightSelectorDoesNotExistException",
        ],
    ),
    (ALREADY_EXISTS, &["TrailAlreadyExistsException"]),
    // The role that a trail delivers with, or what the role may do, takes up to a minute to spread.
    (
        NOT_YET_VISIBLE,
        &[
            "InsufficientBucketPolicyException",
            "InsufficientSlsPolicyException",
            "NeedServiceLinkedRole",
            "NeedOssRamAuthorize",
            "NeedSlsRamAuthorize",
        ],
    ),
    (DENIED, &["NotAllowCreateOrganizationTrail"]),
    // A history delivery job of the trail is running; the bucket has another trail; a retention policy (WORM) forbids.
    (CONFLICT, &["ForbiddenDeleteTrail", "RepeatOssBucket", "FileImmutable"]),
    (
        QUOTA,
        &[
            "MaximumNumberOfTrailsExceededException",
            "MaximumNumberOfOrganizationTrailExceeded",
            "MaximumNumberOfDeliveryHistoryJobsExceededException",
        ],
    ),
    (UNSUPPORTED, &["NotSupportDeliveryHistoryJob"]),
    (
        INVALID,
        &[
            // What a trail delivers to is not there; the trail itself may be.
            "BucketDoesNotExistException",
            "SlsProjectDoesNotExistException",
            "SlsLogStoreDoesNotExistException",
            "InsightTypeNotValid",
            "InvalidDeliveryConfigurationException",
            "InvalidLookupAttributesException",
            "InvalidNextToken",
            "InvalidPrefixException",
            "InvalidQueryParameter",
            "InvalidTimeRangeException",
            "InvalidTrailNameException",
            "LookupEventsParameterError",
            "TrailNotValid",
        ],
    ),
    // SLS refused something to ActionTrail.
    (OTHER, &["CreateLogStoreError", "LogServiceException"]),
];
