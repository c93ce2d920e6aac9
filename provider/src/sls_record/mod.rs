//! What the notification objects of alerting share: users, user groups and action policies, which are records of the
//! account that one region keeps. A resource is its attributes, its checks, and a [`Row`] of what the record says.

mod value;

use std::collections::BTreeSet;
use std::marker::PhantomData;

use plugin::{
    Attr, Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Flatten, Model, Path, Plan,
};
use reconciler::failure::Operation;
pub(crate) use reconciler::record::{ACTION_POLICIES, GROUPS, USERS};
use reconciler::record::{HOME, Record, Settings};
use reconciler::{Failure, Object, Problem, Scope};
use serde_json::{Map, Value as Json};

use crate::check;
use crate::config::Cloud;
use crate::failed_call::failed_call;
use crate::reconciled::Reconciled;
use crate::resource_scope;
use crate::scope::{Global, Location};
pub(crate) use value::{names, text, truth};

/// Attributes of a record, which is kept in one region of the account, whatever the provider's is.
#[derive(Debug, Clone, Default, PartialEq, Model)]
pub struct RecordScope {
    /// Region that keeps the notification objects of the account, which is not the one where logs are. Leave it out unless
    /// the vendor names another one for your account.
    #[attr(default = "cn-heyuan", replace, identity_optional, check = check::region)]
    pub region: Attr<String>,
    /// `id` and `account_id`.
    #[attr(flatten)]
    pub global: Global,
}

impl Location for RecordScope {
    fn located(id: Attr<String>, scope: &Scope) -> Self {
        Self { region: scope.region.clone().into(), global: Global::located(id, scope) }
    }

    fn id(&self) -> &Attr<String> {
        &self.global.id
    }

    fn account_id(&self) -> &Attr<String> {
        &self.global.account_id
    }

    fn region(&self) -> Option<&Attr<String>> {
        None
    }
}

/// A model whose object is a record.
pub trait Row: Flatten<Shared = RecordScope> {
    /// The table.
    const TABLE: &'static str;
    /// The resource type.
    const TYPE: &'static str;
    /// See [`Reconciled::DESCRIPTION`].
    const DESCRIPTION: &'static str;
    /// See [`Reconciled::INCOMPARABLE`].
    const INCOMPARABLE: &'static [&'static str];
    /// How messages name the object.
    fn label(&self) -> String;
    /// The id of the record.
    fn record_id(&self) -> &Attr<String>;
    /// The name of the record.
    fn tag(&self) -> &str;
    /// The members of the value that the resource owns; null is one that is not to be there.
    fn members(&self) -> Map<String, Json>;
    /// The model as the service has it. `self` is what the state or the plan has.
    fn read_from(&self, tag: &str, value: &Map<String, Json>) -> Self;
    /// Checks across attributes.
    fn check(&self, found: &mut Diagnostics);
    /// See [`Reconciled::destructive_changes`].
    fn destructive_changes(&self, planned: Option<&Self>) -> Vec<DestructiveChange>;
    /// The records that it names.
    fn named(&self) -> Vec<Named>;
}

/// Records that an attribute names.
#[derive(Debug)]
pub struct Named {
    pub(crate) attribute: &'static str,
    pub(crate) table: &'static str,
    /// What they are, such as `user`.
    pub(crate) kind: &'static str,
    pub(crate) ids: BTreeSet<String>,
}

/// What Terraform needs to know about a record.
#[derive(Debug)]
pub struct Declaration<M>(PhantomData<fn() -> M>);

impl<M: Row> Reconciled for Declaration<M> {
    type Model = M;
    type Object = Record;
    const TYPE: &'static str = M::TYPE;
    const DESCRIPTION: &'static str = M::DESCRIPTION;
    const INCOMPARABLE: &'static [&'static str] = M::INCOMPARABLE;
    /// Each account has tables of its own in each region that keeps records.
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id", "region"];

    fn validate(config: &M, found: &mut Diagnostics) {
        config.check(found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<M>) {
        let skip = context.client().is_ok_and(|cloud| cloud.skip_region_validation);
        if let (Some(region), false) = (plan.config.shared().region.get(), skip)
            && let Err(unknown) = alibaba::region::check(region)
        {
            plan.diagnostics.push(resource_scope::unknown_region(&unknown));
        }
    }

    fn deletion_guard(model: &M) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(prior: &M, planned: Option<&M>) -> Vec<DestructiveChange> {
        prior.destructive_changes(planned)
    }

    fn object(model: &M, scope: Scope) -> Record {
        let id = model.record_id().as_str().unwrap_or_default().to_owned();
        Record::new(scope, M::TABLE, id, model.label(), Self::settings(model))
    }

    fn settings(model: &M) -> Settings {
        Settings { tag: model.tag().to_owned(), members: model.members() }
    }

    fn read_from(model: &M, seen: &Settings, _scope: &Scope) -> M {
        model.read_from(&seen.tag, &seen.members)
    }

    /// The region that keeps the records, which is not the provider's.
    async fn scope(context: &Context<Cloud>, model: &M) -> Result<Scope, Diagnostics> {
        let scope = resource_scope::resolve(context, model).await?;
        Ok(Scope { region: model.shared().region.get().cloned().unwrap_or_else(|| HOME.to_owned()), ..scope })
    }

    async fn written(context: &Context<Cloud>, object: &Record, model: &M) {
        for named in model.named() {
            warn_of_missing(context, object, &named).await;
        }
    }

    /// What a region answers that has no such tables.
    fn explain(object: &Record, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        let Failure::Call(error) = &problem.failure else { return None };
        if !error.is_code("InvalidMethod") {
            return None;
        }
        let mut diagnostics = failed_call(format!("{doing} {}", object.label()), error);
        for diagnostic in &mut diagnostics.0 {
            diagnostic.path = Path::attribute("region");
            diagnostic.detail.push_str(&format!(
                "\nThe region {} does not keep notification objects. They belong to the whole account and are kept in one \
                 region: leave region out for {HOME}.",
                object.scope().region
            ));
        }
        Some(diagnostics)
    }
}

/// Warns of what an object names and the account does not have: the service takes such a name, and only when an alert
/// fires does it fail. What cannot be seen with these credentials is not warned of.
async fn warn_of_missing(context: &Context<Cloud>, object: &Record, named: &Named) {
    let Named { attribute, table, kind, ids } = named;
    let scope = object.scope();
    let asked: Vec<&str> = ids.iter().map(String::as_str).collect();
    let Ok(there) = scope.client.sls(&scope.region).list_records(table, &asked).await else { return };
    let missing: Vec<String> = ids
        .iter()
        .filter(|id| !there.iter().any(|record| record.id == **id))
        .map(|id| format!("{id:?}"))
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = Diagnostic::warning(
        format!("{} names a {kind} that does not exist", object.label()),
        format!(
            "The account has no {kind} {}, so alerts that should reach it reach nobody. Check the ids in {attribute}; if \
             it is in this configuration, refer to it by the resource's attribute, so that it is made first.",
            missing.join(", ")
        ),
    );
    context.warn(message.at(Path::attribute(*attribute)));
}

/// An id of a notification object: as the console takes them, which is what the paths of the API can carry.
///
/// # Errors
/// When the service would refuse it, or keeps it for itself.
pub(crate) fn id(id: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if id.starts_with("sls.") {
        return Err(format!(
            "{id:?} begins with \"sls.\", as the ids of the service's own objects do. Choose another id."
        ));
    }
    if (1..=60).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(fits)
    {
        return Ok(());
    }
    Err(format!(
        "{id:?} is not an id. Use 1 to 60 letters, digits, underscores, hyphens and dots, starting with a letter, such as \
         \"security-team\"."
    ))
}

/// A name that people see.
///
/// # Errors
/// When the console would not take it.
pub(crate) fn name(name: &str) -> Result<(), String> {
    const REFUSED: &str = "\"'\\$|~?&<>{}";
    if name.trim().is_empty() {
        return Err("It is empty. Write a name that people recognise.".to_owned());
    }
    match name.chars().find(|c| REFUSED.contains(*c) || c.is_control()) {
        None => Ok(()),
        Some(c) => Err(format!("{name:?} contains {c:?}. Names have none of {REFUSED} in them.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names() {
        for good in ["alex", "sec-team", "cis.actions", "a"] {
            assert_eq!(id(good), Ok(()));
        }
        for bad in ["", "1a", "a b", "a@b", "a:b", "a,b", "sls.builtin", &"a".repeat(61)] {
            assert!(id(bad).is_err(), "{bad}");
        }
        assert_eq!(name("Security team (nights)"), Ok(()));
        for bad in ["", " ", "a<b", "it's", "a\nb"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
