//! `alitrail_sls_logstore`: a logstore, made here or taken over from ActionTrail.
//!
//! ActionTrail makes the store of a trail by itself, so managing its retention means adopting it; such a store is not
//! deleted on destroy unless that is asked for. What the service cannot change (encryption, the end of a tier, the kind
//! of data) is an error of the plan, never a replacement: a replaced store is an empty one.

mod adopt;
mod calls;
mod check;
mod losses;
mod model;
mod tiers;

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::place::{self, enter};
use calls::Logstores;
pub use model::{EncryptConfModel, LogstoreModel, UserCmkInfoModel};

/// The resource.
#[derive(Debug)]
pub struct LogstoreResource;

impl Resource for LogstoreResource {
    type Client = Cloud;
    type Model = LogstoreModel;
    const TYPE: &'static str = "alitrail_sls_logstore";
    const DESCRIPTION: &'static str = "A logstore of Simple Log Service. Unless the configuration says otherwise, logs are \
        kept for good, as the service does for audit logs. The store that ActionTrail makes for a trail can be taken over \
        with `adopt_existing`, so that its retention is managed; shortening it is a warning that says by how much.";

    fn validate(config: &LogstoreModel, found: &mut Diagnostics) {
        found.extend(tiers::check(config));
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<LogstoreModel>) {
        place::plan(cx, plan).await;
        let planned = plan.planned().clone();
        match plan.prior.clone() {
            Some(prior) => {
                plan.diagnostics.extend(adopt::mode(&prior, &planned));
                // Under auto-split the state says nothing about shards; afterwards it says how many there are.
                if planned.auto_split.get() != Some(&true) && planned.shard_count.is_null() {
                    place::set(plan, "shard_count", plugin::value::Value::UNKNOWN);
                }
            }
            None => {
                if planned.project_name.get().is_some() && planned.logstore_name.get().is_some() {
                    place::set(plan, "id", planned.key());
                }
                if !planned.adopts() && !planned.adopt_existing.is_unknown() {
                    place::set(plan, "adopted", false);
                } else if !plan.replacing {
                    adopt::foresee(cx, plan).await;
                }
            }
        }
    }

    fn holding(model: &LogstoreModel) -> Option<Holding> {
        // Project names are unique everywhere.
        let known = model.project_name.get().is_some() && model.logstore_name.get().is_some();
        Some(Holding {
            key: known.then(|| model.key()),
            label: model.label(),
            protected: model.is_protected(),
        })
    }

    fn losses(prior: &LogstoreModel, planned: Option<&LogstoreModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    fn stays(prior: &LogstoreModel) -> Option<Diagnostic> {
        prior.is_only_forgotten().then(|| stays(&prior.label()))
    }

    async fn create(cx: &Cx<Cloud>, planned: LogstoreModel) -> Result<LogstoreModel, Diagnostics> {
        adds_up(&planned)?;
        let stores = Logstores { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("create {}", stores.model.label());
        match stores.before(&doing).await? {
            Some(store) => stores.take_over(&doing, Self::TYPE, &store).await,
            None => stores.make(&doing, Self::TYPE).await,
        }
    }

    async fn read(cx: &Cx<Cloud>, prior: LogstoreModel) -> Result<Option<LogstoreModel>, Diagnostics> {
        let stores = Logstores { cx, place: enter(cx, &prior).await?, model: prior };
        let doing = format!("read {}", stores.model.label());
        let store = stores.find().await.map_err(|error| fault(&doing, &error))?;
        Ok(store.map(|store| stores.model.read_from(&store, &stores.place)))
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: LogstoreModel,
        planned: LogstoreModel,
    ) -> Result<LogstoreModel, Diagnostics> {
        adds_up(&planned)?;
        let stores = Logstores { cx, place: enter(cx, &planned).await?, model: planned };
        let model = &stores.model;
        if prior.settings() == model.settings() {
            // What differs lives in the state only.
            return Ok(model.clone().at(&stores.place));
        }
        stores.change(&format!("update {}", model.label()), &prior, model).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: LogstoreModel) -> Result<(), Diagnostics> {
        let label = prior.label();
        if prior.is_only_forgotten() {
            return Ok(());
        }
        let stores = Logstores { cx, place: enter(cx, &prior).await?, model: prior };
        stores.delete().await.map_err(|error| fault(format!("delete {label}"), &error))
    }

    fn parse_id(id: &str) -> Result<LogstoreModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["project_name", "logstore_name"])?;
        let [project, name] = names;
        Ok(LogstoreModel {
            project_name: project.into(),
            logstore_name: name.into(),
            region,
            account_id,
            ..LogstoreModel::default()
        })
    }

    async fn import(cx: &Cx<Cloud>, target: LogstoreModel) -> Result<LogstoreModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// Checks the tiers again before anything is written: at the plan, some of them may have been unknown.
fn adds_up(planned: &LogstoreModel) -> Result<(), Diagnostics> {
    let found = tiers::check(planned);
    if found.has_error() { Err(found) } else { Ok(()) }
}

fn stays(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} is not deleted"),
        "It was there before this resource took it over, so it is only forgotten: it stays as it is, with its logs. To \
         delete such a store, set force_destroy = true, apply that, and destroy again.",
    )
}
