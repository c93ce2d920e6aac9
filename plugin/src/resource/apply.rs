//! Applying: create, update and delete, with partial results that lose nothing.

use std::sync::Arc;

use super::plan::{bug, lasting, protected, report, unchangeable};
use super::registered::{Applied, HandedOver, Request};
use super::{Holding, Resource};
use crate::cx::lock;
use crate::private::Private;
use crate::schema::{Attribute, Schema};
use crate::value::{Object, Value};
use crate::{Cx, Diagnostic, Diagnostics, Model, planning};

/// Carries out one planned change. Runs in a task of its own, so that it ends even when Terraform is gone.
pub(super) async fn apply<R: Resource>(
    attributes: &[Attribute],
    cx: &Arc<Cx<R::Client>>,
    denies_losses: bool,
    handed_over: &HandedOver,
    request: Request,
) -> Result<Option<Object>, Diagnostics> {
    let Request { prior, planned, private, .. } = request;
    let decode = |object: Object| R::Model::from_object(object).map_err(bug);
    match (prior, planned) {
        (None, None) => Ok(None),
        (Some(prior), None) => {
            let typed = decode(prior.clone())?;
            delete::<R>(cx, handed_over, typed, prior, &Private::read(&private)).await.map(|()| None)
        }
        (Some(prior), Some(planned)) => {
            let result = R::update(cx, decode(prior)?, decode(planned)?).await?;
            Ok(Some(result.to_object()))
        }
        (None, Some(planned)) => {
            let typed = decode(planned.clone())?;
            let waiting = R::holding(&typed)
                .and_then(|holding| holding.key)
                .and_then(|key| lock(handed_over).remove(&(R::TYPE, key)));
            let result = match waiting {
                Some(object) => complete::<R>(attributes, cx, denies_losses, object, planned).await?,
                None => R::create(cx, typed).await?,
            };
            Ok(Some(result.to_object()))
        }
    }
}

/// Finishes an object that Terraform wanted replaced under its own name.
async fn complete<R: Resource>(
    attributes: &[Attribute],
    cx: &Arc<Cx<R::Client>>,
    denies_losses: bool,
    prior: Object,
    mut planned: Object,
) -> Result<R::Model, Diagnostics> {
    let decode = |object: Object| R::Model::from_object(object).map_err(bug);
    let typed = decode(prior.clone())?;
    cx.keep(&typed);
    let Some(current) = R::read(cx, typed).await? else {
        // Somebody deleted it meanwhile: if making it fails too, nothing is left to keep.
        cx.take_kept();
        return R::create(cx, decode(planned)?).await;
    };
    let current = planning::settle(attributes, &prior, current.to_object());
    // The plan was made as if the object were new, so that nothing was said yet about what is lost or cannot change.
    planning::inherit(attributes, &current, &mut planned);
    let mut refused = planning::replaced(attributes, &current, &planned);
    refused.retain(|path| planning::is_known_at(&planned, path));
    let unset = planning::unset_in_vain(attributes, &current, &planned);
    let (current, planned) = (decode(current)?, decode(planned)?);
    cx.keep(&current);
    let mut found = Diagnostics::new();
    report(R::losses(&current, Some(&planned)), denies_losses, &mut found);
    if let Some(held) = R::holding(&current) {
        found.extend(unchangeable(&held.label, &refused));
        found.extend(lasting(&held.label, &unset));
    }
    if found.has_error() {
        return Err(found);
    }
    found.0.into_iter().for_each(|warning| cx.warn(warning));
    R::update(cx, current, planned).await
}

async fn delete<R: Resource>(
    cx: &Arc<Cx<R::Client>>,
    handed_over: &HandedOver,
    prior: R::Model,
    object: Object,
    private: &Private,
) -> Result<(), Diagnostics> {
    if let Some(Holding { key, label, protected: is_protected }) = R::holding(&prior) {
        if let (Some(key), false) = (key, private.destroys)
            && private.creates.as_ref() == Some(&key)
        {
            lock(handed_over).insert((R::TYPE, key), object);
            return Ok(());
        }
        if is_protected {
            return Err(protected(&label).into());
        }
    }
    R::delete(cx, prior).await
}

/// Makes the answer of an apply out of its outcome.
pub(super) fn finish(
    schema: &Schema,
    prior: Option<Object>,
    planned: Option<Object>,
    outcome: Result<Option<Object>, Diagnostics>,
    kept: Option<Object>,
    mut diagnostics: Diagnostics,
) -> Applied {
    let state = match (outcome, planned) {
        (Ok(None), _) => None,
        (Ok(Some(result)), Some(planned)) => {
            let state = planning::settle(&schema.attributes, &planned, result);
            for name in planning::broken_promises(&schema.attributes, &planned, &state) {
                diagnostics.push(not_kept(name));
            }
            Some(nulled(state))
        }
        (Ok(Some(result)), None) => Some(nulled(result)),
        (Err(error), planned) => {
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
    Applied { state, diagnostics }
}

fn not_kept(attribute: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The service holds another {attribute} than was sent"),
        format!(
            "After the change, reading the object back gives another value for {attribute}. The state holds what the \
             service says. Somebody else may have changed the object at the same moment: plan again to see the \
             difference, and apply to correct it."
        ),
    )
    .at(crate::Path::attribute(attribute))
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
