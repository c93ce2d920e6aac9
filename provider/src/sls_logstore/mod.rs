//! `alitrail_sls_logstore`: a logstore, made here or taken over from ActionTrail.
//!
//! ActionTrail makes the store of a trail by itself, so managing its retention means adopting it; such a store is not
//! deleted on destroy unless that is asked for. What the service cannot change (encryption, the end of a tier, the kind
//! of data) is an error of the plan, never a replacement: a replaced store is an empty one.

mod adopt;
mod check;
mod losses;
mod model;
mod tiers;

use plugin::value::Value;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan};
use reconciler::failure::Doing;
use reconciler::sls_logstore::{Logstore, Settings};
use reconciler::{Failure, Object, Problem, Scope};

use crate::config::Cloud;
use crate::fault::exists;
use crate::place::{self, regional};
use crate::reconciled::{Reconcile, Reconciled};
pub use model::{EncryptConfModel, LogstoreModel, UserCmkInfoModel};

/// The resource.
pub type LogstoreResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = LogstoreModel;
    type Object = Logstore;
    const TYPE: &'static str = "alitrail_sls_logstore";
    const DESCRIPTION: &'static str = "A logstore of Simple Log Service. Unless the configuration says otherwise, logs are \
        kept for good, as the service does for audit logs. The store that ActionTrail makes for a trail can be taken over \
        with `adopt_existing`, so that its retention is managed; shortening it is a warning that says by how much.";

    fn validate(config: &LogstoreModel, found: &mut Diagnostics) {
        found.extend(tiers::check(config));
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<LogstoreModel>) {
        let planned = plan.planned().clone();
        match plan.prior.clone() {
            Some(prior) => {
                plan.diagnostics.extend(adopt::mode(&prior, &planned));
                // Under auto-split the state says nothing about shards; afterwards it says how many there are.
                if planned.auto_split.get() != Some(&true) && planned.shard_count.is_null() {
                    place::set(plan, "shard_count", Value::UNKNOWN);
                }
            }
            None if !planned.adopts() && !planned.adopt_existing.is_unknown() => {
                place::set(plan, "adopted", false);
            }
            None if !plan.replacing => adopt::foresee(cx, plan).await,
            None => {}
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

    /// The tiers: they have to add up.
    fn check(planned: &LogstoreModel) -> Diagnostics {
        tiers::check(planned)
    }

    fn is_left(prior: &LogstoreModel) -> bool {
        prior.is_only_forgotten()
    }

    fn object(model: &LogstoreModel, scope: Scope) -> Logstore {
        Logstore::new(scope, model.settings(), model.adopts())
    }

    fn settings(model: &LogstoreModel) -> Settings {
        model.settings()
    }

    fn read_from(model: &LogstoreModel, seen: &Settings, _scope: &Scope) -> LogstoreModel {
        model.read_from(seen)
    }

    fn tried_to_create(cx: &Cx<Cloud>, object: &Logstore) {
        if let Some(waited) = object.waited() {
            cx.warn(adopt::made_here(&object.label(), waited));
        }
    }

    fn explain(object: &Logstore, _doing: Doing, problem: &Problem) -> Option<Diagnostics> {
        let (label, scope) = (object.label(), object.scope());
        match &problem.failure {
            Failure::Exists { .. } => {
                let id = format!("{}@{}", object.key(), scope.region);
                let mut diagnostics = exists(&label, Self::TYPE, &id);
                for diagnostic in &mut diagnostics.0 {
                    diagnostic.detail.push_str(
                        " To take over a store that ActionTrail made, set adopt_existing = true: such a store is not deleted \
                         on destroy.",
                    );
                }
                Some(diagnostics)
            }
            Failure::Unchangeable(fixed) => {
                let mut diagnostics = Diagnostics::new();
                fixed.iter().for_each(|fixed| diagnostics.push(adopt::obstacle(&label, fixed)));
                Some(diagnostics)
            }
            _ => None,
        }
    }
}

regional!(LogstoreModel);

fn stays(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} is not deleted"),
        "It was there before this resource took it over, so it is only forgotten: it stays as it is, with its logs. To \
         delete such a store, set force_destroy = true, apply that, and destroy again.",
    )
}
