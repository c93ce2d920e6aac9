//! `alitrail_sls_logstore`: a logstore, made here or taken over from ActionTrail.
//!
//! ActionTrail makes the store of a trail by itself, so managing its retention means adopting it; such a store is not
//! deleted on destroy unless that is asked for. What the service cannot change (encryption, the end of a tier, the kind
//! of data) is an error of the plan, never a replacement: a replaced store is an empty one.

mod adopt;
mod check;
mod destructive_changes;
mod model;
pub(crate) mod registry;
mod tiers;

use plugin::value::Value;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Model, Path, Plan};
use reconciler::failure::Operation;
use reconciler::sls_logstore::{Logstore, Settings};
use reconciler::{Failure, Object, Problem, Scope};

use crate::config::Cloud;
use crate::failed_call::exists;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
pub use model::{EncryptConfModel, LogstoreModel, UserCmkInfoModel};
pub use registry::LogstoreRegistry;

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
        found.0.extend(doubtful_algorithm(config));
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<LogstoreModel>) {
        let planned = plan.planned().clone();
        if let Ok(cloud) = context.client() {
            cloud.logstores.resolve(&planned.project_name, &planned.logstore_name);
        }
        match plan.prior.clone() {
            Some(prior) => {
                plan.diagnostics.extend(adopt::mode(&prior, &planned));
                // Under auto-split the state says nothing about shards; afterwards it says how many there are.
                if planned.auto_split.get() != Some(&true) && planned.shard_count.is_null() {
                    resource_scope::set(plan, "shard_count", Value::UNKNOWN);
                }
                keep_what_was_decided(plan, &prior, &planned);
            }
            None if !planned.adopts() && !planned.adopt_existing.is_unknown() => {
                resource_scope::set(plan, "adopted", false);
            }
            None if !plan.replacing => adopt::foresee(context, plan).await,
            None => {}
        }
    }

    fn deletion_guard(model: &LogstoreModel) -> Option<DeletionGuard> {
        Some(DeletionGuard { label: model.label(), protected: model.is_protected() })
    }

    fn destructive_changes(prior: &LogstoreModel, planned: Option<&LogstoreModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
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

    fn tried_to_create(context: &Context<Cloud>, object: &Logstore) {
        if let Some(waited) = object.waited() {
            context.warn(adopt::made_here(&object.label(), waited));
        }
    }

    fn explain(object: &Logstore, _doing: Operation, problem: &Problem) -> Option<Diagnostics> {
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

/// What holds only for a store that is made: the number of shards, where they split by themselves, and the algorithm of an
/// encryption that is switched off without naming it.
fn keep_what_was_decided(plan: &mut Plan<LogstoreModel>, prior: &LogstoreModel, planned: &LogstoreModel) {
    let splits = |model: &LogstoreModel| model.auto_split.get() == Some(&true);
    if let (Some(before), Some(wanted)) = (prior.shard_count.get(), planned.shard_count.get())
        && before != wanted
        && splits(prior)
        && splits(planned)
    {
        plan.diagnostics.push(
            Diagnostic::warning(
                format!("shard_count of {} changes nothing", planned.label()),
                format!(
                    "The store was made with {before} shards or was found to have them, and with auto_split the service decides \
                     how many there are from then on; the {wanted} of the configuration are ignored. To count them, set \
                     auto_split = false."
                ),
            )
            .at(Path::attribute("shard_count")),
        );
        resource_scope::set(plan, "shard_count", *before);
    }
    if let (Some(before), Some(config), Some(after)) =
        (prior.encrypt_conf.get(), plan.config.encrypt_conf.get(), planned.encrypt_conf.get())
        && config.enable.get() == Some(&false)
        && config.encrypt_type.is_null()
        && before.encrypt_type.get().is_some()
    {
        let kept = EncryptConfModel { encrypt_type: before.encrypt_type.clone(), ..after.clone() };
        resource_scope::set(plan, "encrypt_conf", Value::Map(kept.to_object()));
    }
}

/// An algorithm about which pages of the vendor disagree: those of EncryptConf and UpdateLogStoreEncryption name it (2025), a
/// newer one does not (2026).
fn doubtful_algorithm(config: &LogstoreModel) -> Option<Diagnostic> {
    let encryption = config.encrypt_conf.get()?;
    (encryption.encrypt_type.as_str() == Some("aes_ofb")).then(|| {
        Diagnostic::warning(
            "The service may refuse aes_ofb",
            "Some pages of the vendor name the algorithm aes_ofb, others do not. The algorithm cannot be changed later; \
             \"default\" and \"aes_gcm\" are certain.",
        )
        .at(Path::attribute("encrypt_conf").child("encrypt_type"))
    })
}

fn stays(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} is not deleted"),
        "It was there before this resource took it over, so it is only forgotten: it stays as it is, with its logs. To \
         delete such a store, set force_destroy = true, apply that, and destroy again.",
    )
}
