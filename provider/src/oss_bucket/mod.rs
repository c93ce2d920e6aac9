//! `alitrail_oss_bucket`: an archive bucket that is private, blocks public access, keeps old versions and encrypts,
//! from its first second.
//!
//! What the service can take along with the creation goes there, everything else straight after it. A bucket whose
//! settings could not all be made is completed by the next apply, never deleted: its name would be blocked for hours.

pub(crate) mod bucket_setting;
mod check;
mod destructive_changes;
mod failed_call;
mod model;
mod retention;

use alibaba::actiontrail::Trail;
use alibaba::oss::Oss;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::failure::Operation;
use reconciler::oss_bucket::{Bucket, Settings};
use reconciler::{Problem, Scope};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::trail::destinations::destructive_changes_of_deleting;
pub(crate) use failed_call::{bucket_fault, region_in};
pub use model::{BucketModel, EncryptionModel, HttpsConfigModel};

/// The resource.
pub type BucketResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = BucketModel;
    type Object = Bucket;
    const TYPE: &'static str = "alitrail_oss_bucket";
    const INCOMPARABLE: &'static [&'static str] = &["server_side_encryption"];
    const DESCRIPTION: &'static str = "An OSS bucket for evidence: private, with public access blocked, versioned, \
        encrypted and reachable over current TLS only, unless the configuration says otherwise. A setting that somebody \
        changes is put right by the next apply. Lifecycle rules are a resource of their own, \
        `alitrail_oss_bucket_lifecycle`.";

    fn validate(config: &BucketModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<BucketModel>) {
        if let Some(error) = check::key_region(plan.planned()) {
            plan.diagnostics.push(error);
        }
        let is_suspended = |model: &BucketModel| model.versioning.as_str() == Some("Suspended");
        if is_suspended(plan.planned()) && plan.prior.as_ref().is_some_and(|prior| !is_suspended(prior)) {
            let ask = async |oss: Oss, bucket: String| oss.get_bucket_worm(&bucket).await;
            let worm =
                bucket_setting::learn(context, plan.planned(), &plan.planned().bucket, ask).await.flatten();
            plan.diagnostics.extend(
                worm.map(|worm| check::kept(plan.planned(), &worm)).into_iter().collect::<Vec<_>>().into(),
            );
        }
        let stored = plan.prior.as_ref().and_then(|prior| prior.redundancy_type.as_str());
        if stored == Some("ZRS") && plan.planned().redundancy_type.as_str() == Some("LRS") {
            // The one direction that the service has no task for.
            plan.replace("redundancy_type");
        }
        retention::plan(context, plan).await;
    }

    fn deletion_guard(model: &BucketModel) -> Option<DeletionGuard> {
        Some(DeletionGuard {
            label: model.label(),
            protected: BucketModel::is_set(&model.deletion_protection),
        })
    }

    fn destructive_changes(prior: &BucketModel, planned: Option<&BucketModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &BucketModel) -> Option<Diagnostic> {
        (!BucketModel::is_set(&prior.force_destroy)).then(|| only_if_empty(&prior.label()))
    }

    async fn plan_destroy(context: &Context<Cloud>, prior: &BucketModel) -> Vec<DestructiveChange> {
        let to_this = |trail: &Trail| trail.oss_bucket_name.as_deref() == prior.bucket.as_str();
        destructive_changes_of_deleting(context, prior, &prior.label(), to_this).await
    }

    fn object(model: &BucketModel, scope: Scope) -> Bucket {
        Bucket::new(scope, model.name(), model.settings(), BucketModel::is_set(&model.force_destroy))
    }

    fn settings(model: &BucketModel) -> Settings {
        model.settings()
    }

    fn read_from(model: &BucketModel, seen: &Settings, scope: &Scope) -> BucketModel {
        model.read_from(seen, scope)
    }

    fn refreshing(context: &Context<Cloud>, prior: &BucketModel) {
        retention::look_after(context, prior);
    }

    async fn refreshed(context: &Context<Cloud>, object: &Bucket, _seen: &Settings, model: &BucketModel) {
        let warning = retention::warning_of_early_deletions(object, model).await;
        warning.into_iter().for_each(|warning| context.warn(warning));
    }

    fn explain(object: &Bucket, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        failed_call::explain(object, doing, problem)
    }
}

/// What a plan says that destroys a bucket and may find something in it.
fn only_if_empty(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} is deleted only if it is empty"),
        "Its force_destroy is false. If anything is left in it when its turn comes, old versions included, it stays with \
         that, and the destroy ends with an error after what depends on the bucket, such as a trail, is gone already. To \
         keep what is in it, take the bucket out of the configuration with a removed block (lifecycle { destroy = false }); \
         to delete that, set force_destroy = true, apply that, and then destroy.",
    )
    .at(Path::attribute("force_destroy"))
}
