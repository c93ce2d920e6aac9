//! The documents that clients of the service write, and what it tolerates in each of them. What an official SDK writes is
//! never malformed: empty elements count as left out, elements that are not known are passed over, and the letter case of
//! a truth value is free. Members that are missing, or that say nothing beside others, are the business of the
//! operation. Assumed, except where acceptance tests of the vendor's own provider show it.

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    /// Its root element.
    pub(super) root: &'static str,
    /// Elements that say something even when they are empty, so that they are not left out.
    pub(super) kept: &'static [&'static str],
    /// Elements that hold a truth value.
    pub(super) booleans: &'static [&'static str],
}

/// Declares the documents, and the list of all of them.
macro_rules! documents {
    ($($name:ident: $root:literal, kept $kept:expr, booleans $booleans:expr;)*) => {
        $(
            pub(super) const $name: Document = Document { root: $root, kept: &$kept, booleans: &$booleans };
        )*
        /// All of them.
        #[cfg(test)]
        pub(super) const ALL: &[&Document] = &[$(&$name),*];
    };
}

documents! {
    ACCESS_MONITOR: "AccessMonitorConfiguration", kept [], booleans [];
    BUCKET: "CreateBucketConfiguration", kept [], booleans [];
    CORS: "CORSConfiguration", kept ["CORSRule"], booleans ["ResponseVary"];
    DELETE: "Delete", kept ["Object", "Key"], booleans ["Quiet"];
    ENCRYPTION: "ServerSideEncryptionRule", kept [], booleans [];
    HTTPS: "HttpsConfiguration", kept [], booleans ["Enable", "StrongCipherSuite"];
    LIFECYCLE: "LifecycleConfiguration", kept ["Rule", "Tag", "Key", "Value"],
        booleans ["ExpiredObjectDeleteMarker", "IsAccessTime", "ReturnToStdWhenVisit", "AllowSmallFile"];
    LOGGING: "BucketLoggingStatus", kept [], booleans [];
    LOG_FIELDS: "UserDefinedLogFieldsConfiguration", kept [], booleans [];
    OBJECT_WORM: "ObjectWormConfiguration", kept [], booleans [];
    PARTS: "CompleteMultipartUpload", kept ["Part", "PartNumber", "ETag"], booleans [];
    PUBLIC_ACCESS_BLOCK: "PublicAccessBlockConfiguration", kept [], booleans ["BlockPublicAccess"];
    REFERER: "RefererConfiguration", kept [],
        booleans ["AllowEmptyReferer", "AllowTruncateQueryString", "TruncatePath"];
    REQUEST_PAYMENT: "RequestPaymentConfiguration", kept [], booleans [];
    RESOURCE_GROUP: "BucketResourceGroupConfiguration", kept [], booleans [];
    TAGGING: "Tagging", kept ["Tag", "Key", "Value"], booleans [];
    TRANSFER_ACCELERATION: "TransferAccelerationConfiguration", kept [], booleans ["Enabled"];
    VERSIONING: "VersioningConfiguration", kept [], booleans [];
    WEBSITE: "WebsiteConfiguration", kept ["Value"], booleans [
        "SupportSubDir", "PassQueryString", "EnableReplacePrefix", "PassAll", "MirrorPassQueryString",
        "MirrorPassOriginalSlashes", "MirrorFollowRedirect", "MirrorCheckMd5", "MirrorSNI", "MirrorProxyPass",
        "MirrorIsExpressTunnel", "MirrorAllowHeadObject", "MirrorAllowGetImageInfo", "MirrorAllowVideoSnapshot",
        "MirrorSaveOssMeta", "MirrorSwitchAllErrors", "MirrorUserLastModified", "MirrorUsingRole",
    ];
    WORM: "InitiateWormConfiguration", kept [], booleans [];
    WORM_EXTENSION: "ExtendWormConfiguration", kept [], booleans [];
}
