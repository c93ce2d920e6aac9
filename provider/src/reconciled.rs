//! Resources that are made of an object of the reconciler: what Terraform needs to know about it, and nothing about calls.
//!
//! [`Reconcile`] turns a [`Reconciled`] declaration into a resource of the plugin framework. Every operation enters the
//! scope of the object (so that no call is made in a wrong account), hands the object to the driver, saves everything that is
//! reached, and puts what went wrong into words.

use std::marker::PhantomData;

use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan, Resource};
use reconciler::failure::Operation;
use reconciler::{Failed, Failure, Object, Problem, Scope};

use crate::config::Cloud;
use crate::failed_call::{self, exists, failed_call, failed_call_at, no_logstore, no_project};
use crate::resource_scope;
use crate::scope::Scoped;

/// A resource whose object the reconciler brings about.
pub trait Reconciled: Send + Sync + 'static {
    /// Its attributes.
    type Model: Scoped;
    /// Its object.
    type Object: Object;
    /// Type name.
    const TYPE: &'static str;
    /// What it is, in Markdown.
    const DESCRIPTION: &'static str;
    /// See [`Resource::INCOMPARABLE`].
    const INCOMPARABLE: &'static [&'static str] = &[];
    /// See [`Resource::IS_SHARED`].
    const IS_SHARED: bool = false;
    /// See [`Resource::NAMES_UNIQUE_WITHIN`]. Names of buckets and projects are unique everywhere, those of trails and roles
    /// in an account across its regions.
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &[];
    /// See [`Resource::NAMES_IGNORE_CASE`].
    const NAMES_IGNORE_CASE: bool = false;

    /// The object that a model describes, in the scope that it is in.
    fn object(model: &Self::Model, scope: Scope) -> Self::Object;

    /// The settings that a state or a plan says.
    fn settings(model: &Self::Model) -> <Self::Object as Object>::Settings;

    /// The model of an object as it is seen. `model` is what the state or the plan has: it is kept where the object does not
    /// say otherwise.
    fn read_from(
        model: &Self::Model,
        seen: &<Self::Object as Object>::Settings,
        scope: &Scope,
    ) -> Self::Model;

    /// See [`Resource::validate`].
    fn validate(_config: &Self::Model, _found: &mut Diagnostics) {}

    /// See [`Resource::plan`]; account and region are planned already.
    fn plan(_cx: &Context<Cloud>, _plan: &mut Plan<Self::Model>) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// See [`Resource::deletion_guard`].
    fn deletion_guard(_model: &Self::Model) -> Option<DeletionGuard> {
        None
    }

    /// See [`Resource::destructive_changes`].
    fn destructive_changes(_prior: &Self::Model, _planned: Option<&Self::Model>) -> Vec<DestructiveChange> {
        Vec::new()
    }

    /// See [`Resource::plan_destroy`].
    fn plan_destroy(
        _cx: &Context<Cloud>,
        _prior: &Self::Model,
    ) -> impl Future<Output = Vec<DestructiveChange>> + Send {
        async { Vec::new() }
    }

    /// See [`Resource::stays`].
    fn stays(_prior: &Self::Model) -> Option<Diagnostic> {
        None
    }

    /// Checks that are made again before anything is written, because something may have been unknown at the plan.
    fn check(_planned: &Self::Model) -> Diagnostics {
        Diagnostics::new()
    }

    /// What there is to say about a creation, whether it failed or not.
    fn tried_to_create(_cx: &Context<Cloud>, _object: &Self::Object) {}

    /// Where the object is.
    fn scope(
        context: &Context<Cloud>,
        model: &Self::Model,
    ) -> impl Future<Output = Result<Scope, Diagnostics>> + Send {
        resource_scope::resolve(context, model)
    }

    /// The model with what follows from its scope.
    fn located(model: Self::Model, scope: &Scope) -> Self::Model {
        resource_scope::located(model, scope)
    }

    /// Whether a destroy leaves the object in the cloud. The destroy plan says so, with [`Self::stays`].
    fn is_left(_prior: &Self::Model) -> bool {
        false
    }

    /// What to say when a part of the object stays after a destroy because others use it.
    fn left_in_part(_prior: &Self::Model) -> Option<Diagnostic> {
        None
    }

    /// Told of a refresh before its first call.
    fn refreshing(_cx: &Context<Cloud>, _prior: &Self::Model) {}

    /// Warnings of a refresh. A look that fails is no reason to fail it.
    fn refreshed(
        _cx: &Context<Cloud>,
        _object: &Self::Object,
        _seen: &<Self::Object as Object>::Settings,
        _model: &Self::Model,
    ) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Warnings of a creation or update. A look that fails is no reason to fail it.
    fn written(
        _cx: &Context<Cloud>,
        _object: &Self::Object,
        _model: &Self::Model,
    ) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Warnings of a refresh that finds the object no more.
    fn gone(_cx: &Context<Cloud>, _prior: &Self::Model) {}

    /// What goes wrong with this object in its own way; `None` for the words that all have.
    fn explain(_object: &Self::Object, _doing: Operation, _problem: &Problem) -> Option<Diagnostics> {
        None
    }

    /// See [`Resource::parse_id`].
    ///
    /// # Errors
    /// When the text is not an id of this type.
    fn parse_id(id: &str) -> Result<Self::Model, Diagnostic> {
        resource_scope::model_of_id(id)
    }
}

/// A [`Reconciled`] resource, as the plugin framework calls it.
#[derive(Debug)]
pub struct Reconcile<R>(PhantomData<fn() -> R>);

/// Puts into words what went wrong.
fn explain<R: Reconciled>(object: &R::Object, model: &R::Model, failed: &Failed) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for problem in &failed.problems {
        let own = R::explain(object, failed.doing, problem);
        diagnostics.extend(own.unwrap_or_else(|| in_general::<R>(object, model, failed.doing, problem)));
    }
    failed_call::named(diagnostics, object.scope())
}

fn in_general<R: Reconciled>(
    object: &R::Object,
    model: &R::Model,
    doing: Operation,
    problem: &Problem,
) -> Diagnostics {
    let (label, scope) = (object.label(), object.scope());
    let named = |diagnostic: Diagnostic| match resource_scope::names::<R::Model>().last() {
        Some(name) => diagnostic.at(Path::attribute(*name)),
        None => diagnostic,
    };
    match &problem.failure {
        Failure::Exists { region } => {
            let region = region.as_deref().unwrap_or(&scope.region);
            exists(&label, R::TYPE, &resource_scope::id_of(model, region))
        }
        Failure::Foreign { owner } => named(Diagnostic::error(
            format!("{label} belongs to another account"),
            format!(
                "Its owner is account {owner}, and these credentials belong to account {}. Use credentials of the owner, \
                 or choose another name: names are shared by all customers.",
                scope.account
            ),
        ))
        .into(),
        Failure::NoContainer { project, refused } => {
            no_project(format!("{doing} {label}"), project, scope, refused)
        }
        Failure::NoLogstore { logstore, refused } => {
            no_logstore(format!("{doing} {label}"), logstore, scope, refused)
        }
        Failure::Call(error) => match problem.setting {
            Some(setting) => failed_call_at(format!("set {setting} of {label}"), error, setting),
            None => failed_call(format!("{doing} {label}"), error),
        },
        Failure::Refused { summary, detail } => {
            let refused = Diagnostic::error(summary.clone(), detail.clone());
            match problem.setting {
                Some(setting) => refused.at(Path::attribute(setting)).into(),
                None => refused.into(),
            }
        }
        other => Diagnostic::error(format!("Could not {doing} {label}"), other.to_string()).into(),
    }
}

fn checked<R: Reconciled>(planned: &R::Model) -> Result<(), Diagnostics> {
    let found = R::check(planned);
    if found.has_error() { Err(found) } else { Ok(()) }
}

impl<R: Reconciled> Resource for Reconcile<R> {
    type Client = Cloud;
    type Model = R::Model;
    const TYPE: &'static str = R::TYPE;
    const DESCRIPTION: &'static str = R::DESCRIPTION;
    const INCOMPARABLE: &'static [&'static str] = R::INCOMPARABLE;
    const IS_SHARED: bool = R::IS_SHARED;
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = R::NAMES_UNIQUE_WITHIN;
    const NAMES_IGNORE_CASE: bool = R::NAMES_IGNORE_CASE;

    fn validate(config: &R::Model, found: &mut Diagnostics) {
        R::validate(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<R::Model>) {
        resource_scope::plan(context, plan).await;
        resource_scope::plan_id(plan);
        R::plan(context, plan).await;
    }

    fn deletion_guard(model: &R::Model) -> Option<DeletionGuard> {
        R::deletion_guard(model)
    }

    fn destructive_changes(prior: &R::Model, planned: Option<&R::Model>) -> Vec<DestructiveChange> {
        R::destructive_changes(prior, planned)
    }

    async fn plan_destroy(context: &Context<Cloud>, prior: &R::Model) -> Vec<DestructiveChange> {
        R::plan_destroy(context, prior).await
    }

    fn stays(prior: &R::Model) -> Option<Diagnostic> {
        R::stays(prior)
    }

    async fn create(context: &Context<Cloud>, planned: R::Model) -> Result<R::Model, Diagnostics> {
        checked::<R>(&planned)?;
        let scope = R::scope(context, &planned).await?;
        let object = R::object(&planned, scope.clone());
        let read_from = |now: &_| R::located(R::read_from(&planned, now, &scope), &scope);
        let keep = |now: &_| context.keep(&read_from(now));
        let created = reconciler::create(&object, &keep).await;
        R::tried_to_create(context, &object);
        let model = read_from(&created.map_err(|failed| explain::<R>(&object, &planned, &failed))?);
        R::written(context, &object, &model).await;
        Ok(model)
    }

    async fn read(context: &Context<Cloud>, prior: R::Model) -> Result<Option<R::Model>, Diagnostics> {
        R::refreshing(context, &prior);
        let scope = match R::scope(context, &prior).await {
            Ok(scope) => scope,
            Err(why) => return resource_scope::keep_unreachable(context, &prior, why).map(|()| Some(prior)),
        };
        let object = R::object(&prior, scope.clone());
        let found = reconciler::read(&object).await;
        let Some(seen) = found.map_err(|failed| explain::<R>(&object, &prior, &failed))? else {
            R::gone(context, &prior);
            return Ok(None);
        };
        let model = R::located(R::read_from(&prior, &seen, &scope), &scope);
        R::refreshed(context, &object, &seen, &model).await;
        Ok(Some(model))
    }

    async fn update(
        context: &Context<Cloud>,
        prior: R::Model,
        planned: R::Model,
    ) -> Result<R::Model, Diagnostics> {
        checked::<R>(&planned)?;
        let scope = R::scope(context, &planned).await?;
        let object = R::object(&planned, scope.clone());
        let now = R::settings(&prior);
        if !R::Object::LOOKS_BEFORE_UPDATE && object.open(&now).is_empty() {
            // What differs lives in the state only.
            return Ok(R::located(resource_scope::known_from(&prior, planned), &scope));
        }
        let read_from = |now: &_| R::located(R::read_from(&planned, now, &scope), &scope);
        let keep = |now: &_| context.keep(&read_from(now));
        let updated = reconciler::update(&object, now, &keep).await;
        let model = read_from(&updated.map_err(|failed| explain::<R>(&object, &planned, &failed))?);
        R::written(context, &object, &model).await;
        Ok(model)
    }

    async fn delete(context: &Context<Cloud>, prior: R::Model) -> Result<(), Diagnostics> {
        let scope = R::scope(context, &prior).await?;
        if R::is_left(&prior) {
            return Ok(());
        }
        let object = R::object(&prior, scope);
        let deleted = reconciler::delete(&object).await;
        if !deleted.map_err(|failed| explain::<R>(&object, &prior, &failed))? {
            R::left_in_part(&prior).into_iter().for_each(|warning| context.warn(warning));
        }
        Ok(())
    }

    fn parse_id(id: &str) -> Result<R::Model, Diagnostic> {
        R::parse_id(id)
    }

    async fn import(context: &Context<Cloud>, target: R::Model) -> Result<R::Model, Diagnostics> {
        let scope = R::scope(context, &target).await?;
        Ok(R::located(target, &scope))
    }
}
