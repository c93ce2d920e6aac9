//! `alitrail_sls_index`: what is searchable in a logstore.
//!
//! ActionTrail gives the logstore of a trail an index of its own, so this resource takes over one that is there: it adds
//! to it what the configuration names, keeps what it does not name, and leaves the index on destroy.

mod check;
mod destructive_changes;
mod model;
mod separators;

use plugin::{Attr, Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::sls_index::{Index, LONGEST_TEXT, Settings};
use reconciler::{Freshness, Object, Scope};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope::{self, while_planning};
use crate::sls_logstore::registry::missing;
pub use model::{FieldModel, FullTextModel, IndexModel, JsonKeyModel};

/// The resource.
pub type IndexResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = IndexModel;
    type Object = Index;
    const TYPE: &'static str = "alitrail_sls_index";
    const INCOMPARABLE: &'static [&'static str] = &["field_search"];
    const DESCRIPTION: &'static str = "The index of a logstore: what can be searched and analysed in it, by whole text and by \
        field. An index that is there already, such as the one ActionTrail makes, is taken over: fields and settings that \
        this configuration does not name are kept, unless `exclusive` is set, and destroy leaves it. A change holds for \
        logs that are written about a minute later.";

    fn validate(config: &IndexModel, found: &mut Diagnostics) {
        check::configuration(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<IndexModel>) {
        if plan.planned().is_exclusive() {
            // Nothing is kept that is not named, so what is unset is the service's default.
            if plan.config.max_text_len.is_null() {
                resource_scope::set(plan, "max_text_len", LONGEST_TEXT);
            }
            if plan.config.log_reduce.is_null() {
                resource_scope::set(plan, "log_reduce", false);
            }
        }
        if !plan.replacing && plan.prior.as_ref().is_none_or(|prior| !prior.is_exclusive()) {
            foresee(context, plan).await;
        }
        if !plan.replacing && plan.prior.is_none() {
            let planned = plan.planned().clone();
            if let (Some(project), Some(logstore)) = (planned.project_name.get(), planned.logstore_name.get())
            {
                let path = Path::attribute("logstore_name");
                plan.diagnostics.0.extend(missing(context, &planned, project, logstore, path, WAITS).await);
            }
        }
    }

    fn deletion_guard(model: &IndexModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(prior: &IndexModel, planned: Option<&IndexModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &IndexModel) -> Option<Diagnostic> {
        prior.is_adopted().then(|| stays(&prior.label()))
    }

    fn is_left(prior: &IndexModel) -> bool {
        prior.is_adopted()
    }

    fn object(model: &IndexModel, scope: Scope) -> Index {
        let index = Index::new(scope, model.settings());
        // The state of an import names nothing yet.
        if model.max_text_len.is_null() { index.seeing_all() } else { index }
    }

    fn settings(model: &IndexModel) -> Settings {
        model.settings()
    }

    fn read_from(model: &IndexModel, seen: &Settings, _scope: &Scope) -> IndexModel {
        model.read_from(seen)
    }
}

/// What becomes of an index without a logstore.
const WAITS: &str = "The apply waits up to two minutes for it if the project or a trail that delivers to it is new, or if it is \
    that of an existing trail (actiontrail_<trail name>), and fails at once otherwise.";

/// What an apply takes out of an index that is there: what the configuration does not name only if this resource is from
/// now on the only one to manage it; and whatever a field that it names for the first time can no longer do.
async fn foresee(context: &Context<Cloud>, plan: &mut Plan<IndexModel>) {
    let planned = plan.planned().clone();
    let managed = plan.prior.as_ref().and_then(|prior| prior.field_search.get());
    let is_new = |name: &String| managed.is_none_or(|managed| !managed.contains_key(name));
    let names_new = planned.field_search.get().is_some_and(|fields| fields.keys().any(is_new));
    if !(names_new || planned.is_exclusive())
        || planned.project_name.get().is_none()
        || planned.logstore_name.get().is_none()
    {
        return;
    }
    let look = |scope| {
        let index = Index::new(scope, planned.settings()).seeing_all();
        async move { index.describe(index.scope(), Freshness::Now).await.ok()? }
    };
    let Some(seen) = while_planning(context, &planned, look).await else { return };
    let mut existing = planned.read_from(&seen);
    let lost = if planned.is_exclusive() {
        destructive_changes::destructive_changes(&existing, Some(&planned))
    } else {
        if let Attr::Known(fields) = &mut existing.field_search {
            fields.retain(|name, _| is_new(name));
        }
        destructive_changes::reduced(&existing, &planned, destructive_changes::Unnamed::Kept)
    };
    plan.destructive_changes.extend(lost);
}

fn stays(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("the {label} is not deleted"),
        "The logstore had an index before this resource took it over, so it is only forgotten: it stays as it is, with \
         everything that was added. To delete it, delete the logstore, or the index in the console.",
    )
}
