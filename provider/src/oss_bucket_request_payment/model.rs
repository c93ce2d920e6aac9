//! The attributes of `alitrail_oss_bucket_request_payment`: a bucket, and who pays.

use plugin::{Attr, Model};
use reconciler::bucket_document::Payer;

use crate::check;
use crate::place::regional;

/// Attributes of `alitrail_oss_bucket_request_payment`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct RequestPaymentModel {
    /// Same as `bucket`.
    #[attr(computed)]
    pub id: Attr<String>,
    /// Bucket whose requests are paid for.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// Region of the bucket. Default: the provider's.
    #[attr(keeps = "a bucket stays where it was made", replace, identity_optional, check = check::region)]
    pub region: Attr<String>,
    /// Account the bucket is in. Default: the account of the provider's credentials.
    #[attr(keeps = "a bucket stays where it was made", replace, identity_optional, check = check::account_id)]
    pub account_id: Attr<String>,
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

regional!(RequestPaymentModel);
