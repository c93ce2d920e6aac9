//! `alitrail_oss_bucket_request_payment`: who pays for the requests to a bucket.
//!
//! Every bucket has a payer: creating the resource chooses, destroying it makes the owner pay again.

mod model;

use plugin::{DeletionGuard, Diagnostics};
use reconciler::bucket_document::{BucketDocument, Payer};
use reconciler::failure::Operation;
use reconciler::{Problem, Scope};

use crate::oss_bucket::bucket_setting;
use crate::reconciled::{Reconcile, Reconciled};
pub use model::RequestPaymentModel;

/// The resource.
pub type RequestPaymentResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = RequestPaymentModel;
    type Object = BucketDocument<Payer>;
    const TYPE: &'static str = "alitrail_oss_bucket_request_payment";
    const DESCRIPTION: &'static str = "Who pays for requests to an OSS bucket and for what they download: its owner, or \
        whoever makes them. With `Requester`, nobody gets in without signing in, and requests of other accounts are \
        refused unless they carry the header `x-oss-request-payer: requester`. Storage is always paid by the owner. \
        Destroying the resource makes the owner pay again.";

    fn deletion_guard(model: &RequestPaymentModel) -> Option<DeletionGuard> {
        let label = format!("request payment of bucket {:?}", model.name());
        Some(DeletionGuard::unprotected(label))
    }

    fn object(model: &RequestPaymentModel, scope: Scope) -> Self::Object {
        BucketDocument::new(scope, model.name(), model.wanted())
    }

    fn settings(model: &RequestPaymentModel) -> Payer {
        model.wanted()
    }

    fn read_from(model: &RequestPaymentModel, seen: &Payer, _scope: &Scope) -> RequestPaymentModel {
        RequestPaymentModel { payer: seen.0.clone().into(), ..model.clone() }
    }

    fn explain(object: &Self::Object, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        bucket_setting::explain(object, object.bucket(), "payer", doing, problem)
    }
}
