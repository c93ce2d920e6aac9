//! Planning: what Terraform will show, and what it will refuse to do.

use std::sync::{Arc, Mutex};

use super::registered::{Planned, Request};
use super::walk::Walk;
use super::{Holding, Loss, Resource};
use crate::cx::lock;
use crate::private::{Private, Replaced};
use crate::schema::{Attribute, Schema};
use crate::value::{Object, ShapeError, Value};
use crate::{Cx, Diagnostic, Diagnostics, Model, Path, planning};

/// A plan in the making, for [`Resource::plan`].
#[derive(Debug)]
pub struct Plan<M> {
    /// What the state says; `None` when the object is to be created.
    pub prior: Option<M>,
    /// What the user wrote, with unknowns.
    pub config: M,
    /// Messages to show.
    pub diagnostics: Diagnostics,
    /// Losses that only a look at the cloud reveals, such as those of taking over an object that exists. They are
    /// reported like those of [`Resource::losses`].
    pub losses: Vec<Loss>,
    /// Whether this is the second planning call of a replacement, whose warnings nobody sees.
    pub replacing: bool,
    planned: M,
    object: Object,
    replace: Vec<Path>,
}

impl<M: Model> Plan<M> {
    /// What the object will look like.
    pub fn planned(&self) -> &M {
        &self.planned
    }

    /// Plans another value for an attribute that the user left unset.
    ///
    /// # Errors
    /// When the value does not have the attribute's shape.
    pub fn set(&mut self, attribute: &'static str, value: impl Into<Value>) -> Result<(), ShapeError> {
        self.object.insert(attribute.to_owned(), value.into());
        self.planned = M::from_object(self.object.clone())?;
        Ok(())
    }

    /// Says that a change of this attribute needs a new object.
    pub fn replace(&mut self, attribute: &'static str) {
        self.replace.push(Path::attribute(attribute));
    }
}

pub(super) async fn plan<R: Resource>(
    schema: &Schema,
    cx: &Arc<Cx<R::Client>>,
    denies_losses: bool,
    walk: &Mutex<Walk>,
    request: Request,
) -> Result<Planned, Diagnostics> {
    let Request { prior, config, private, .. } = request;
    let handed = Private::read(&private);
    let Some(config) = config else {
        return plan_destroy::<R>(prior, denies_losses, walk);
    };
    let attributes = model_attributes(schema);
    let object = planning::object(&schema.attributes, prior.as_ref(), &config);
    let mut plan = Plan {
        prior: prior.clone().map(R::Model::from_object).transpose().map_err(bug)?,
        config: R::Model::from_object(config).map_err(bug)?,
        planned: R::Model::from_object(object.clone()).map_err(bug)?,
        diagnostics: Diagnostics::new(),
        losses: Vec::new(),
        replacing: handed.replaces.is_some(),
        object,
        replace: Vec::new(),
    };
    R::plan(cx, &mut plan).await;
    let Plan { prior: typed_prior, planned: typed, mut diagnostics, losses, mut object, replace, .. } = plan;
    report(losses, denies_losses, &mut diagnostics);
    let next = R::holding(&typed);
    if let Some(Holding { key: Some(key), label, .. }) = &next
        && lock(walk).keeps(R::TYPE, key, prior.as_ref())
    {
        diagnostics.push(elsewhere(label));
    }
    let (Some(prior), Some(typed_prior)) = (prior, typed_prior) else {
        if let Some(Replaced { label, protected: true }) = handed.replaces {
            diagnostics.push(protected(&label));
        }
        let private = Private { creates: next.and_then(|next| next.key), ..Private::default() };
        return Ok(Planned {
            planned: Some(object),
            replace: Vec::new(),
            private: private.write(),
            diagnostics,
        });
    };

    planning::mark_volatile(&schema.attributes, &prior, &mut object);
    let mut replace_paths = planning::replaced(attributes, &prior, &object);
    replace_paths.extend(replace);
    let held = R::holding(&typed_prior);
    let next_key = next.and_then(|next| next.key);
    let stays = held.as_ref().is_some_and(|held| held.key.is_some() && held.key == next_key);
    if stays {
        // What is not known yet may turn out to be what it was. If not, the plan that Terraform asks for again before
        // it applies, with everything known, refuses the change.
        replace_paths.retain(|path| planning::is_known_at(&object, path));
    }
    let losses = if replace_paths.is_empty() {
        let label = held.as_ref().map_or(R::TYPE, |held| held.label.as_str());
        diagnostics.extend(lasting(label, &planning::unset_in_vain(attributes, &prior, &object)));
        if prior == object { Vec::new() } else { R::losses(&typed_prior, Some(&typed)) }
    } else {
        if let Some(held) = &held {
            if stays {
                diagnostics.extend(unchangeable(&held.label, &replace_paths));
            } else if held.protected {
                diagnostics.push(protected(&held.label));
            } else {
                deleted_here(R::TYPE, held, &prior, walk, &mut diagnostics);
            }
        }
        diagnostics.extend(R::stays(&typed_prior).into_iter().collect::<Vec<_>>().into());
        R::losses(&typed_prior, None)
    };
    report(losses, denies_losses, &mut diagnostics);
    let replaces =
        held.map(|held| Replaced { label: held.label, protected: held.protected }).unwrap_or_default();
    let private = Private { replaces: Some(replaces), ..Private::default() };
    Ok(Planned { planned: Some(object), replace: replace_paths, private: private.write(), diagnostics })
}

fn plan_destroy<R: Resource>(
    prior: Option<Object>,
    denies_losses: bool,
    walk: &Mutex<Walk>,
) -> Result<Planned, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    if let Some(state) = prior {
        let prior = R::Model::from_object(state.clone()).map_err(bug)?;
        match R::holding(&prior) {
            Some(held) if held.protected => diagnostics.push(protected(&held.label)),
            held => {
                if let Some(held) = held {
                    deleted_here(R::TYPE, &held, &state, walk, &mut diagnostics);
                }
                diagnostics.extend(R::stays(&prior).into_iter().collect::<Vec<_>>().into());
                report(R::losses(&prior, None), denies_losses, &mut diagnostics);
            }
        }
    }
    let private = Private { destroys: true, ..Private::default() };
    Ok(Planned { planned: None, replace: Vec::new(), private: private.write(), diagnostics })
}

/// Reports losses as what the provider block says they are.
pub(super) fn report(losses: Vec<Loss>, denies: bool, diagnostics: &mut Diagnostics) {
    for Loss { path, summary, detail } in losses {
        let message = if denies {
            Diagnostic::error(
                summary,
                format!(
                    "{detail} The provider is configured with evidence_changes = \"deny\"; set it to \"warn\" for this \
                     change if it is meant."
                ),
            )
        } else {
            Diagnostic::warning(summary, detail)
        };
        diagnostics.push(message.at(path));
    }
}

pub(super) fn protected(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is protected against deletion"),
        "Its deletion_protection is true in the state. To delete it, set deletion_protection = false, apply that, and \
         only then destroy or replace it.",
    )
    .at(Path::attribute("deletion_protection"))
}

/// Refuses to delete what another address has.
fn deleted_here(
    what: &'static str,
    held: &Holding,
    prior: &Object,
    walk: &Mutex<Walk>,
    diagnostics: &mut Diagnostics,
) {
    if let Some(key) = &held.key
        && lock(walk).destroys(what, key, prior)
    {
        diagnostics.push(elsewhere(&held.label));
    }
}

fn elsewhere(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is at two addresses, and deleted at one"),
        "This plan deletes it at one address and makes or keeps it at another. It is the same object, and one that holds \
         evidence is never deleted to be made again under the same name. If the resource was renamed, or has another key \
         in for_each or count, add a moved block from the old address to the new one; if it was imported into the new \
         one, take the old one out of the state with a removed block (destroy = false); otherwise give the new object \
         another name.",
    )
}

pub(super) fn unchangeable(label: &str, paths: &[Path]) -> Diagnostics {
    let message = |path: &Path| {
        Diagnostic::error(
            format!("{path} of {label} cannot be changed"),
            format!(
                "The service can set {path} only when the object is created, and an object that holds evidence is \
                 never deleted to be made again under the same name. Put {path} back to what it was. To have it \
                 changed all the same takes two steps: declare a second resource with another name and the new {path}, \
                 and apply; when it does its work, remove this one and apply again."
            ),
        )
        .at(path.clone())
    };
    paths.iter().map(message).collect::<Vec<_>>().into()
}

pub(super) fn lasting(label: &str, paths: &[Path]) -> Diagnostics {
    let message = |path: &Path| {
        Diagnostic::error(
            format!("{path} of {label} cannot be unset"),
            format!(
                "It has a value, and the service can change that value but not take it back. Set {path} in the \
                 configuration, to what the state has if nothing is to change. An object that holds evidence is never \
                 deleted to be made again without it."
            ),
        )
        .at(path.clone())
    };
    paths.iter().map(message).collect::<Vec<_>>().into()
}

/// The attributes without the blocks that the framework adds.
fn model_attributes(schema: &Schema) -> &[Attribute] {
    let blocks = schema.attributes.iter().rev().take_while(|attribute| attribute.block).count();
    &schema.attributes[..schema.attributes.len() - blocks]
}

/// A value that does not fit its own declaration.
pub(super) fn bug(error: ShapeError) -> Diagnostics {
    let path = error.path.clone();
    Diagnostic::error(
        "Value of an unexpected shape",
        format!("{error}. This is a bug in the provider; please report it."),
    )
    .at(path)
    .into()
}
