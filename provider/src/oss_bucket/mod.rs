//! `alitrail_oss_bucket`: an archive bucket that is private, blocks public access, keeps old versions and encrypts,
//! from its first second.
//!
//! What the service can take along with the creation goes there, everything else straight after it. A bucket whose
//! settings could not all be made is completed by the next apply, never deleted: its name would be blocked for hours.

mod calls;
mod check;
mod empty;
mod fault;
mod losses;
mod model;
mod redundancy;
mod retention;
pub(crate) mod satellite;
mod settings;

use alibaba::actiontrail::Trail;
use alibaba::oss::Oss;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Path, Plan, Resource};

use crate::config::Cloud;
use crate::place::{self, enter};
use crate::trail::destinations::losses_of_deleting;
use calls::Buckets;
pub(crate) use calls::SETTLING;
pub(crate) use fault::{bucket_fault, region_in};
pub use model::{BucketModel, EncryptionModel, HttpsConfigModel};

/// The resource.
#[derive(Debug)]
pub struct BucketResource;

impl Resource for BucketResource {
    type Client = Cloud;
    type Model = BucketModel;
    const TYPE: &'static str = "alitrail_oss_bucket";
    const INCOMPARABLE: &'static [&'static str] = &["server_side_encryption"];
    const DESCRIPTION: &'static str = "An OSS bucket for evidence: private, with public access blocked, versioned, \
        encrypted and reachable over current TLS only, unless the configuration says otherwise. A setting that somebody \
        changes is put right by the next apply. Lifecycle rules are a resource of their own, \
        `alitrail_oss_bucket_lifecycle`.";

    fn validate(config: &BucketModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<BucketModel>) {
        place::plan(cx, plan).await;
        if let Some(error) = check::key_region(plan.planned()) {
            plan.diagnostics.push(error);
        }
        let is_suspended = |model: &BucketModel| model.versioning.as_str() == Some("Suspended");
        if is_suspended(plan.planned()) && plan.prior.as_ref().is_some_and(|prior| !is_suspended(prior)) {
            let ask = async |oss: Oss, bucket: String| oss.get_bucket_worm(&bucket).await;
            let worm = satellite::learn(cx, plan.planned(), &plan.planned().bucket, ask).await.flatten();
            plan.diagnostics.extend(
                worm.map(|worm| check::kept(plan.planned(), &worm)).into_iter().collect::<Vec<_>>().into(),
            );
        }
        let stored = plan.prior.as_ref().and_then(|prior| prior.redundancy_type.as_str());
        if stored == Some("ZRS") && plan.planned().redundancy_type.as_str() == Some("LRS") {
            // The one direction that the service has no task for.
            plan.replace("redundancy_type");
        }
        retention::plan(cx, plan).await;
    }

    fn holding(model: &BucketModel) -> Option<Holding> {
        Some(Holding {
            // Names are unique everywhere.
            key: model.bucket.get().cloned(),
            label: model.label(),
            protected: BucketModel::is_set(&model.deletion_protection),
        })
    }

    fn losses(prior: &BucketModel, planned: Option<&BucketModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    fn stays(prior: &BucketModel) -> Option<Diagnostic> {
        (!BucketModel::is_set(&prior.force_destroy)).then(|| only_if_empty(&prior.label()))
    }

    async fn plan_destroy(cx: &Cx<Cloud>, prior: &BucketModel) -> Vec<Loss> {
        let to_this = |trail: &Trail| trail.oss_bucket_name.as_deref() == prior.bucket.as_str();
        losses_of_deleting(cx, prior, &prior.label(), to_this).await
    }

    async fn create(cx: &Cx<Cloud>, planned: BucketModel) -> Result<BucketModel, Diagnostics> {
        let buckets = Buckets { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("create {}", buckets.model.label());
        buckets.is_free(&doing, Self::TYPE).await?;
        let made = buckets.make().await.map_err(|error| buckets.fault(&doing, &error))?;
        cx.keep(&made);
        buckets.bring(&doing, made).await
    }

    async fn read(cx: &Cx<Cloud>, prior: BucketModel) -> Result<Option<BucketModel>, Diagnostics> {
        retention::look_after(cx, &prior);
        let buckets = Buckets { cx, place: enter(cx, &prior).await?, model: prior };
        let doing = format!("read {}", buckets.model.label());
        let (found, warning) = tokio::join!(buckets.read(&doing), buckets.warning_of_early_deletions());
        let found = found?;
        if found.is_some() {
            warning.into_iter().for_each(|warning| cx.warn(warning));
        }
        Ok(found)
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: BucketModel,
        planned: BucketModel,
    ) -> Result<BucketModel, Diagnostics> {
        let buckets = Buckets { cx, place: enter(cx, &planned).await?, model: planned };
        buckets.bring(&format!("update {}", buckets.model.label()), prior).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: BucketModel) -> Result<(), Diagnostics> {
        let buckets = Buckets { cx, place: enter(cx, &prior).await?, model: prior };
        let label = buckets.model.label();
        match buckets.delete().await {
            Err(error) if error.is_code("BucketNotEmpty") => Err(not_empty(&label).into()),
            other => other.map_err(|error| buckets.fault(&format!("delete {label}"), &error)),
        }
    }

    fn parse_id(id: &str) -> Result<BucketModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["bucket"])?;
        let [bucket] = names;
        Ok(BucketModel { bucket: bucket.into(), region, account_id, ..BucketModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: BucketModel) -> Result<BucketModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
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

fn not_empty(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is not empty"),
        "Objects, old versions, delete markers or unfinished uploads are left in it, and nothing was deleted. If they are \
         still needed, take the bucket out of the configuration with a removed block (lifecycle { destroy = false }) \
         and keep it. If not, set force_destroy = true, apply that, and destroy again: everything in the bucket is deleted \
         then, for good.",
    )
    .at(Path::attribute("force_destroy"))
}
