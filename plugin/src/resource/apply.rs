//! Applying: create, update and delete, with partial results that lose nothing.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::FutureExt;

use super::key::{GuardedObject, held};
use super::messages::{
    half_created, lasting, not_as_sent, protected, replacement_unknown, report, twice, unchangeable,
};
use super::plan::typed;
use super::planned_objects::{PlannedObjects, new_instance};
use super::registered::{Applied, Request, panicked};
use super::replacement_notes::{ReplacementNotes, Waiting};
use super::{Denial, Resource};
use crate::context::lock;
use crate::private::Private;
use crate::schema::{Attribute, Schema};
use crate::value::{Object, Value};
use crate::{Context, Diagnostics, Model, Severity, planning, unset};

/// Carries out one planned change and notes what it did to the places of the state.
pub(super) async fn run<R: Resource>(
    schema: &Schema,
    context: &Arc<Context<R::Client>>,
    denies_destructive_changes: Denial,
    objects: &Mutex<PlannedObjects>,
    replacement_notes: &ReplacementNotes,
    request: Request,
) -> Applied {
    let private = Private::read(&request.private);
    let (prior, planned) = (request.prior.clone(), request.planned.clone());
    let held_of = |object: &Object| {
        let model = typed::<R>(schema, object.clone()).ok()?;
        held::<R>(&schema.attributes, &model)
    };
    let key = |object: &Object| held_of(object)?.key;
    let (prior_key, planned_key) = (prior.as_ref().and_then(key), planned.as_ref().and_then(key));
    for key in [&prior_key, &planned_key].into_iter().flatten() {
        lock(objects).begin_apply(R::TYPE, key);
    }
    // A deposed object whose successor this process has written. The delete call of a tainted object does not say which
    // place of the state it is about, but the create call follows.
    let is_superseded = (private.destroys || private.instance.is_some())
        && prior_key.as_ref().is_some_and(|key| {
            lock(objects).has_younger(R::TYPE, key, &private.instance)
                || replacement_notes.current(R::TYPE, key) > private.instance
        });
    let forgets = planned.is_none() && (private.forgets || is_superseded);
    let creates = planned_key.as_ref().filter(|_| prior.is_none());
    let waiting = creates.and_then(|planned| {
        let fits = |noted: &Object| key(noted).is_some_and(|noted| noted.may_be(planned));
        replacement_notes.take(R::TYPE, planned, schema.ty(), fits)
    });
    let is_noted = waiting.as_ref().is_some_and(|waiting| waiting.is_in_state);
    let created = creates.filter(|_| waiting.is_none() && !R::IS_SHARED);
    let is_second = created.is_some_and(|key| !lock(objects).begin_create(R::TYPE, key));
    let outcome = if forgets {
        Ok(None)
    } else if is_second {
        let label = planned.as_ref().and_then(held_of).map(|held| held.label);
        Err(twice::<R>(&label.unwrap_or_default()))
    } else {
        let change = change::<R>(
            schema,
            context,
            denies_destructive_changes,
            replacement_notes,
            &private,
            waiting,
            request,
        );
        AssertUnwindSafe(change).catch_unwind().await.unwrap_or_else(|_| Err(panicked("applying a change")))
    };
    let failed = outcome.is_err();
    if let Some(key) = created.filter(|_| !is_second) {
        lock(objects).end_create(R::TYPE, key);
    }
    let meant = planned.clone().map(|planned| unset::normal(&schema.attributes, planned));
    let digest = meant.and_then(|planned| planning::digest(&schema.attributes, &planned));
    let mut applied = finish::<R>(schema, context, prior.clone(), planned, outcome);
    let instance = match &private.instance {
        Some(instance) if prior.is_some() => Some(instance.clone()),
        _ => new_instance(),
    };
    if prior.is_some() && private.creates.is_none() {
        // No replacement follows, so that what a plan noted for one is void.
        if let Some(key) = &prior_key {
            replacement_notes.forget(R::TYPE, key);
        }
    }
    match (&applied.state, prior_key.or(planned_key)) {
        (Some(state), Some(before)) => {
            // By now its scope is known.
            let key = key(state).unwrap_or(before);
            lock(objects).write(R::TYPE, &key, &instance);
            if is_noted {
                // An interrupt before the delete call leaves the old object deposed.
                replacement_notes.note_current(R::TYPE, &key, &instance);
            }
        }
        (None, Some(key)) => {
            lock(objects).remove(R::TYPE, &key, &private.instance);
            if !failed {
                replacement_notes.forget_current(R::TYPE, &key);
            }
        }
        _ => {}
    }
    if applied.state.is_some() {
        applied.private = Private {
            instance,
            // Until an apply has worked, what lives in the state only is not what the configuration says.
            imported: private.imported && failed,
            applied: if failed { private.applied } else { digest },
            ..Private::default()
        }
        .write();
    }
    applied
}

/// Carries out one planned change.
async fn change<R: Resource>(
    schema: &Schema,
    context: &Arc<Context<R::Client>>,
    denies_destructive_changes: Denial,
    replacement_notes: &ReplacementNotes,
    private: &Private,
    waiting: Option<Waiting>,
    request: Request,
) -> Result<Option<Object>, Diagnostics> {
    let Request { prior, planned, .. } = request;
    let normal = |object: Object| unset::normal(&schema.attributes, object);
    let decode = |object: Object| typed::<R>(schema, object);
    match (prior, planned) {
        (None, None) => Ok(None),
        (Some(prior), None) => {
            let typed = decode(prior.clone())?;
            delete::<R>(schema, context, replacement_notes, typed, prior, private).await.map(|()| None)
        }
        (Some(prior), Some(planned)) => {
            let (prior, planned) = (normal(prior), normal(planned));
            if prior == planned {
                // Only the way to say it changes.
                return Ok(Some(prior));
            }
            let result = R::update(context, decode(prior)?, decode(planned)?).await?;
            Ok(Some(result.to_object()))
        }
        (None, Some(planned)) => {
            let typed = decode(planned.clone())?;
            let result = match waiting {
                Some(Waiting { object, is_in_state }) => {
                    if !is_in_state {
                        context.keep(&decode(object.clone())?);
                    }
                    complete::<R>(schema, context, denies_destructive_changes, object, planned).await?
                }
                None => R::create(context, typed).await?,
            };
            Ok(Some(result.to_object()))
        }
    }
}

/// Finishes an object that Terraform wanted replaced under its own name.
async fn complete<R: Resource>(
    schema: &Schema,
    context: &Arc<Context<R::Client>>,
    denies_destructive_changes: Denial,
    prior: Object,
    planned: Object,
) -> Result<R::Model, Diagnostics> {
    let attributes = &schema.attributes;
    let decode = |object: Object| typed::<R>(schema, object);
    let (prior, mut planned) = (unset::normal(attributes, prior), unset::normal(attributes, planned));
    let Some(current) = R::read(context, decode(prior.clone())?).await? else {
        // Somebody deleted it meanwhile: if making it fails too, nothing is left to keep.
        context.take_kept();
        return R::create(context, decode(planned)?).await;
    };
    let current = planning::settle(attributes, &prior, current.to_object());
    // The plan was made as if the object were new, so that nothing was said yet about what is lost or cannot change.
    planning::inherit(attributes, &current, &mut planned);
    let mut refused = planning::replaced(attributes, &current, &planned);
    refused.retain(|path| planning::is_known_at(&planned, path));
    let unset = planning::unset_in_vain(attributes, &current, &planned);
    let (current, planned) = (decode(current)?, decode(planned)?);
    let mut found = Diagnostics::new();
    report(R::destructive_changes(&current, Some(&planned)), denies_destructive_changes, &mut found);
    if let Some(held) = R::deletion_guard(&current) {
        found.extend(unchangeable(&held.label, &refused));
        found.extend(lasting(&held.label, &unset));
    }
    if found.has_error() {
        return Err(found);
    }
    found.0.into_iter().for_each(|warning| context.warn(warning));
    R::update(context, current, planned).await
}

async fn delete<R: Resource>(
    schema: &Schema,
    context: &Arc<Context<R::Client>>,
    replacement_notes: &ReplacementNotes,
    prior: R::Model,
    object: Object,
    private: &Private,
) -> Result<(), Diagnostics> {
    if let Some(GuardedObject { key: Some(key), label, protected: is_protected }) =
        held::<R>(&schema.attributes, &prior)
    {
        match &private.creates {
            _ if private.destroys => {}
            Some(creates) if creates.has_name_of(&key) => {
                replacement_notes.put(R::TYPE, &key, object);
                return Ok(());
            }
            // The plan has seen both objects and checked what is lost.
            Some(_) if private.replaces.is_some() => {}
            _ => return Err(replacement_unknown(&label).into()),
        }
        if is_protected {
            return Err(protected(&label).into());
        }
    }
    R::delete(context, prior).await
}

/// Makes the answer of an apply out of its outcome.
fn finish<R: Resource>(
    schema: &Schema,
    context: &Context<R::Client>,
    prior: Option<Object>,
    planned: Option<Object>,
    outcome: Result<Option<Object>, Diagnostics>,
) -> Applied {
    let kept = context.take_kept();
    let mut diagnostics = context.take_warnings();
    let state = match (outcome, planned) {
        (Ok(None), _) => None,
        (Ok(Some(result)), Some(planned)) => {
            let state = planning::settle(&schema.attributes, &planned, result);
            for name in planning::broken_promises(&schema.attributes, &planned, &state) {
                diagnostics.push(not_as_sent(name));
            }
            Some(nulled(state))
        }
        (Ok(Some(result)), None) => Some(nulled(result)),
        (Err(mut error), planned) => {
            if let Some(last) = error.0.iter_mut().rfind(|message| message.severity == Severity::Error) {
                last.detail.push_str(&way_out::<R>(context, prior.is_none(), kept.as_ref()));
            }
            diagnostics.extend(error);
            // What the cloud holds by now; else what it held before.
            match (kept, prior, planned) {
                // A failed change has not changed what lives in the state only: the next apply still has to.
                (Some(kept), Some(prior), Some(_)) => {
                    Some(nulled(planning::settle(&schema.attributes, &prior, kept)))
                }
                (Some(kept), None, Some(planned)) => {
                    Some(nulled(planning::settle(&schema.attributes, &planned, kept)))
                }
                (_, prior, _) => prior,
            }
        }
    };
    Applied { state, private: Bytes::new(), diagnostics }
}

/// What to do after a change that failed.
fn way_out<R: Resource>(context: &Context<R::Client>, creates: bool, kept: Option<&Object>) -> String {
    match kept {
        Some(kept) if creates => {
            let model = R::Model::from_object(kept.clone()).ok();
            let label = model.as_ref().and_then(R::deletion_guard).map(|held| held.label);
            half_created(label.as_deref().unwrap_or("This object"))
        }
        _ if context.cancel().is_cancelled() => "\n\nApply again to complete the change.".to_owned(),
        _ => String::new(),
    }
}

fn nulled(object: Object) -> Object {
    object.into_iter().map(|(name, value)| (name, value.without_unknowns())).collect()
}

/// The identity object of a state.
pub(super) fn identity(attributes: &[Attribute], state: &Object) -> Value {
    Value::Map(
        crate::schema::identity_attributes(attributes)
            .map(|(attribute, _)| {
                (attribute.name.to_owned(), state.get(attribute.name).cloned().unwrap_or_default())
            })
            .collect(),
    )
}
