//! Object storage: buckets, their settings, and emptying them.
//!
//! Every read of a setting that may be absent gives `None` for "never set"; a bucket that is not there is an error.

mod bucket;
mod bucket_info;
mod call;
mod encryption;
pub(crate) mod errors;
mod lifecycle;
mod logging;
mod objects;
mod policy;
mod redundancy;
mod settings;
mod worm;

pub use bucket::{BucketSummary, NewBucket};
pub use bucket_info::BucketInfo;
pub(crate) use call::BucketReads;
pub use call::Oss;
pub use encryption::Encryption;
pub use lifecycle::{
    AbortMultipartUpload, Expiration, Filter, LifecycleRule, NoncurrentVersionExpiration,
    NoncurrentVersionTransition, Not, Tag, Transition,
};
pub use logging::BucketLogging;
pub use objects::{ObjectVersion, Upload, VersionPage};
pub use redundancy::RedundancyTransition;
pub use settings::{CipherSuite, HttpsConfig};
pub use worm::BucketWorm;

#[cfg(test)]
mod tests;
