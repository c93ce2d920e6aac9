//! `alitrail_sls_index`: what is searchable in a logstore.
//!
//! ActionTrail gives the logstore of a trail an index of its own, so this resource takes over one that is there: it adds
//! to it what the configuration names, keeps what it does not name, and leaves the index on destroy.

mod calls;
mod check;
mod losses;
mod model;
mod wire;

use std::time::{Duration, Instant};

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::place::{self, enter};
use calls::Indexes;
pub use model::{FieldModel, FullTextModel, IndexModel, JsonKeyModel};

/// How long a plan may wait to learn what the index is like.
const PLANNING: Duration = Duration::from_secs(10);

/// The resource.
#[derive(Debug)]
pub struct IndexResource;

impl Resource for IndexResource {
    type Client = Cloud;
    type Model = IndexModel;
    const TYPE: &'static str = "alitrail_sls_index";
    const INCOMPARABLE: &'static [&'static str] = &["field_search"];
    const DESCRIPTION: &'static str = "The index of a logstore: what can be searched and analysed in it, by whole text and by \
        field. An index that is there already, such as the one ActionTrail makes, is taken over: fields and settings that \
        this configuration does not name are kept, unless `exclusive` is set, and destroy leaves it. A change holds for \
        logs that are written about a minute later.";

    fn validate(config: &IndexModel, found: &mut Diagnostics) {
        check::configuration(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<IndexModel>) {
        place::plan(cx, plan).await;
        let planned = plan.planned().clone();
        if planned.is_exclusive() {
            // Nothing is kept that is not named, so what is unset is the service's default.
            if plan.config.max_text_len.is_null() {
                place::set(plan, "max_text_len", 2048);
            }
            if plan.config.log_reduce.is_null() {
                place::set(plan, "log_reduce", false);
            }
        }
        if plan.prior.is_none()
            && planned.project_name.get().is_some()
            && planned.logstore_name.get().is_some()
        {
            place::set(plan, "id", planned.key());
        }
        if !plan.replacing && plan.prior.as_ref().is_none_or(|prior| !prior.is_exclusive()) {
            foresee(cx, plan).await;
        }
    }

    fn holding(model: &IndexModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.project_name, &model.logstore_name]))
    }

    fn losses(prior: &IndexModel, planned: Option<&IndexModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    fn stays(prior: &IndexModel) -> Option<Diagnostic> {
        prior.is_adopted().then(|| stays(&prior.label()))
    }

    async fn create(cx: &Cx<Cloud>, planned: IndexModel) -> Result<IndexModel, Diagnostics> {
        let mut indexes = Indexes { cx, place: enter(cx, &planned).await?, model: planned };
        let doing = format!("create the {}", indexes.model.label());
        indexes.has_a_project(&doing).await?;
        let adopted = indexes.make().await.map_err(|error| fault(&doing, &error))?;
        if indexes.model.adopted.is_unknown() {
            indexes.model.adopted = adopted.into();
        }
        indexes.brought(&doing).await
    }

    async fn read(cx: &Cx<Cloud>, prior: IndexModel) -> Result<Option<IndexModel>, Diagnostics> {
        let indexes = Indexes { cx, place: enter(cx, &prior).await?, model: prior };
        // The state of an import names nothing yet.
        let everything = indexes.model.max_text_len.is_null();
        let seen = indexes.read(everything).await;
        seen.map_err(|error| fault(format!("read the {}", indexes.model.label()), &error))
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: IndexModel,
        planned: IndexModel,
    ) -> Result<IndexModel, Diagnostics> {
        let indexes = Indexes { cx, place: enter(cx, &planned).await?, model: planned };
        if prior.is_as(&indexes.model) && prior.exclusive == indexes.model.exclusive {
            // What differs lives in the state only.
            return Ok(indexes.model.clone().at(&indexes.place));
        }
        let doing = format!("update the {}", indexes.model.label());
        indexes.change(&prior).await.map_err(|error| fault(&doing, &error))?;
        indexes.brought(&doing).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: IndexModel) -> Result<(), Diagnostics> {
        let label = prior.label();
        if prior.is_adopted() {
            return Ok(());
        }
        let indexes = Indexes { cx, place: enter(cx, &prior).await?, model: prior };
        indexes.delete().await.map_err(|error| fault(format!("delete the {label}"), &error))
    }

    fn parse_id(id: &str) -> Result<IndexModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["project_name", "logstore_name"])?;
        let [project, name] = names;
        Ok(IndexModel {
            project_name: project.into(),
            logstore_name: name.into(),
            region,
            account_id,
            ..IndexModel::default()
        })
    }

    async fn import(cx: &Cx<Cloud>, target: IndexModel) -> Result<IndexModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// What an apply takes out of an index that is there: what the configuration does not name only if this resource is from
/// now on the only one to manage it; and whatever a field that it does name can no longer do.
async fn foresee(cx: &Cx<Cloud>, plan: &mut Plan<IndexModel>) {
    let planned = plan.planned().clone();
    let begins = plan.prior.is_none() && planned.field_search.get().is_some();
    if !(begins || planned.is_exclusive())
        || planned.project_name.get().is_none()
        || planned.logstore_name.get().is_none()
    {
        return;
    }
    let look = async {
        let mut place = enter(cx, &planned).await.ok()?;
        place.client = place.client.with_deadline(Instant::now() + PLANNING);
        Indexes { cx, place, model: planned.clone() }.read(true).await.ok()?
    };
    if let Ok(Some(existing)) = tokio::time::timeout(PLANNING, look).await {
        plan.losses.extend(if planned.is_exclusive() {
            losses::losses(&existing, Some(&planned))
        } else {
            losses::reduced(&existing, &planned)
        });
    }
}

fn stays(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("the {label} is not deleted"),
        "The logstore had an index before this resource took it over, so it is only forgotten: it stays as it is, with \
         everything that was added. To delete it, delete the logstore, or the index in the console.",
    )
}
