//! The attributes of `alitrail_oss_bucket_request_payment`: a bucket, and who pays.

use plugin::{Attr, Model};
use reconciler::bucket_document::Payer;

use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_oss_bucket_request_payment`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct RequestPaymentModel {
    /// Bucket whose requests are paid for.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// Who pays: the owner of the bucket, or whoever makes a request.
    #[attr(
        required,
        one_of("BucketOwner", "Requester"),
        samples("Requester", "BucketOwner"),
        remote = "/RequestPayment"
    )]
    pub payer: Attr<String>,
}

impl RequestPaymentModel {
    pub(super) fn name(&self) -> &str {
        self.bucket.as_str().unwrap_or_default()
    }

    pub(super) fn wanted(&self) -> Payer {
        Payer(self.payer.get().cloned().unwrap_or_default())
    }
}
