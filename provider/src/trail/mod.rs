//! `alitrail_trail`: an ActionTrail trail that logs.
//!
//! The service makes trails that do not log and forgets to mention it; here a trail counts as created when the
//! service says that it is logging, and one that was stopped or narrowed shows in the next plan.

mod calls;
mod check;
mod delivery;
pub(crate) mod destinations;
mod losses;
mod model;
mod retention;

use std::time::Duration;

use alibaba::actiontrail::Trail;
use plugin::{Attr, Cx, Diagnostic, Diagnostics, Holding, Loss, Path, Plan, Resource};

use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::place::{self, Placed, enter};
use calls::{REFRESH, Trails};
pub use model::TrailModel;

/// The resource.
#[derive(Debug)]
pub struct TrailResource;

impl Resource for TrailResource {
    type Client = Cloud;
    type Model = TrailModel;
    const TYPE: &'static str = "alitrail_trail";
    const INCOMPARABLE: &'static [&'static str] =
        &["oss_bucket_name", "sls_project_arn", "max_compute_project_arn"];
    const DESCRIPTION: &'static str = "An ActionTrail trail: records the events of an account and delivers them to an \
        OSS bucket, an SLS project or a MaxCompute project. Created trails log: the resource is only done when the \
        service says so, and a trail that somebody stops or narrows is put right by the next apply. A refresh also looks at \
        the lifecycle rules of the bucket, if it may, and warns of those that delete delivered events within 180 days, unless \
        the rules are declared with `alitrail_oss_bucket_lifecycle`, or watched by `minimum_retention_days` of \
        `alitrail_oss_bucket`, in a resource of the same provider block that does not depend on the trail.";

    fn validate(config: &TrailModel, found: &mut Diagnostics) {
        check::config(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<TrailModel>) {
        place::plan(cx, plan).await;
        let planned = plan.planned();
        let mut found = Diagnostics::new();
        if let Some(prior) = &plan.prior {
            found.extend(check::replacement(prior, planned));
        }
        // What works in the cloud as it is stays as it is.
        if plan.prior.as_ref().is_none_or(|prior| !planned.is_set_as(prior)) {
            found.extend(check::reach(planned));
        }
        plan.diagnostics.extend(found);
        retention::plan(cx, plan).await;
    }

    fn holding(model: &TrailModel) -> Option<Holding> {
        Some(Holding {
            // Names are unique in an account across its regions.
            key: model.trail_name.get().cloned(),
            label: model.label(),
            protected: model.deletion_protection.get().copied().unwrap_or_default(),
        })
    }

    fn losses(prior: &TrailModel, planned: Option<&TrailModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: TrailModel) -> Result<TrailModel, Diagnostics> {
        let trails = Trails { cx, place: enter(cx, &planned).await?, model: planned };
        let label = trails.model.label();
        let doing = format!("create {label}");
        if let Some(existing) = trails.look_up(Duration::ZERO).await.map_err(|error| fault(&doing, &error))? {
            let home = existing.home_region.unwrap_or_else(|| trails.place.region.clone());
            return Err(exists(&label, Self::TYPE, &format!("{}@{home}", existing.name)));
        }
        trails.create().await.map_err(|error| fault(&doing, &error))?;
        // What is known of a trail that exists and does not log yet.
        let reached = TrailModel { status: "Disable".into(), ..trails.model.clone().at(&trails.place) };
        cx.keep(&reached);
        let reached = trails.appeared().await.map_err(|error| fault(&doing, &error))?;
        cx.keep(&reached);
        trails.log(&reached).await.map_err(|error| fault(format!("start logging of {label}"), &error))
    }

    async fn read(cx: &Cx<Cloud>, prior: TrailModel) -> Result<Option<TrailModel>, Diagnostics> {
        let trails = Trails { cx, place: enter(cx, &prior).await?, model: prior };
        let doing = format!("read {}", trails.model.label());
        if let Some(trail) = trails.look_up(REFRESH).await.map_err(|error| fault(&doing, &error))? {
            let model = trails.model.read_from(&trail, &trails.place);
            let ((), warning) = tokio::join!(
                async {
                    if model.wants_logging() {
                        warn_of_delivery(&trails, &trail).await;
                    }
                },
                retention::warning_of_early_deletions(cx, &trails.place, &model),
            );
            warning.into_iter().for_each(|warning| cx.warn(warning));
            return Ok(Some(model));
        }
        match trails.find_shadow().await.map_err(|error| fault(&doing, &error))? {
            None => Ok(None),
            Some(shadow) => {
                let home = shadow.home_region.unwrap_or_default();
                Err(Diagnostic::error(
                    format!("{} is at home in {home}", trails.model.label()),
                    format!(
                        "In {} there is only a shadow of it, which cannot be managed. Set region = {home:?} on the \
                         resource, or import it with the id \"{}@{home}\".",
                        trails.place.region, shadow.name
                    ),
                )
                .at(Path::attribute("region"))
                .into())
            }
        }
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: TrailModel,
        planned: TrailModel,
    ) -> Result<TrailModel, Diagnostics> {
        let trails = Trails { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("update {}", trails.model.label());
        let mut reached = prior;
        if !trails.model.is_set_as(&reached) {
            trails.update().await.map_err(|error| fault(&doing, &error))?;
            reached = TrailModel { status: reached.status, ..trails.model.clone().at(&trails.place) };
            cx.keep(&reached);
        }
        trails.log(&reached).await.map_err(|error| fault(&doing, &error))
    }

    async fn delete(cx: &Cx<Cloud>, prior: TrailModel) -> Result<(), Diagnostics> {
        let trails = Trails { cx, place: enter(cx, &prior).await?, model: prior };
        trails.delete().await.map_err(|error| fault(format!("delete {}", trails.model.label()), &error))
    }

    fn parse_id(id: &str) -> Result<TrailModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["trail_name"])?;
        let [name] = names;
        Ok(TrailModel { trail_name: name.into(), region, account_id, ..TrailModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: TrailModel) -> Result<TrailModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        let id = target.trail_name.clone();
        Ok(TrailModel { id, ..target.at(&place) })
    }
}

/// Tells the user of an enabled trail that delivers nothing. A look that fails is no reason to fail the refresh.
async fn warn_of_delivery(trails: &Trails<'_>, trail: &Trail) {
    match trails.status(trail).await {
        Ok(status) => {
            delivery::warnings(trail, &status).into_iter().for_each(|warning| trails.cx.warn(warning))
        }
        Err(error) => tracing::warn!(%error, trail = trail.name, "its deliveries cannot be looked at"),
    }
}

impl Placed for TrailModel {
    fn account_id(&self) -> &Attr<String> {
        &self.account_id
    }

    fn region(&self) -> Option<&Attr<String>> {
        Some(&self.region)
    }
}
