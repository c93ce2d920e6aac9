//! Planning: what Terraform will show, and what it will refuse to do.

use std::sync::{Arc, Mutex};

use super::key::{GuardedObject, held};
use super::messages::{
    forgotten, imported_as_another, imported_unprotected, kept_and_deleted, lasting, protected, renamed,
    replaced_by_another, report, twice, unchangeable, unclear, unknown_key,
};
use super::planned_objects::{CreateConflict, KeepConflict, PlannedObjects, Removal};
use super::registered::{Planned, Request};
use super::replacement_notes::ReplacementNotes;
use super::{Denial, DestructiveChange, Key, Resource};
use crate::context::lock;
use crate::private::{Private, Replaced};
use crate::schema::{Attribute, Schema};
use crate::value::{Object, ShapeError, Value};
use crate::{Context, Diagnostic, Diagnostics, Model, Path, planning, unset};

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
    /// reported like those of [`Resource::destructive_changes`].
    pub destructive_changes: Vec<DestructiveChange>,
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
    context: &Arc<Context<R::Client>>,
    denies_destructive_changes: Denial,
    objects: &Mutex<PlannedObjects>,
    replacement_notes: &ReplacementNotes,
    request: Request,
) -> Result<Planned, Diagnostics> {
    let Request { prior, config, private, .. } = request;
    let handed = Private::read(&private);
    let Some(config) = config else {
        return plan_destroy::<R>(schema, context, prior, denies_destructive_changes, objects, &handed).await;
    };
    let attributes = model_attributes(schema);
    // The forms that the user and the state have. Everything below is about what they mean.
    let (written, stated) = (config, prior);
    let config = unset::config(&schema.attributes, written.clone());
    let prior = stated.clone().map(|stated| unset::normal(&schema.attributes, stated));
    let object = planning::object(&schema.attributes, prior.as_ref(), &config);
    let object = unset::normal(&schema.attributes, object);
    let mut plan = Plan {
        prior: prior.clone().map(R::Model::from_object).transpose().map_err(bug)?,
        config: R::Model::from_object(config).map_err(bug)?,
        planned: R::Model::from_object(object.clone()).map_err(bug)?,
        diagnostics: Diagnostics::new(),
        destructive_changes: Vec::new(),
        replacing: handed.replaces.is_some(),
        object,
        replace: Vec::new(),
    };
    R::plan(context, &mut plan).await;
    let Plan { prior: typed_prior, mut diagnostics, destructive_changes, object, replace, .. } = plan;
    // Once more, because what the resource has added may be what other values are the same as.
    let mut object = unset::normal(&schema.attributes, object);
    let typed = R::Model::from_object(object.clone()).map_err(bug)?;
    let spelled = |planned| unset::spelled(&schema.attributes, stated.as_ref(), &written, planned);
    report(destructive_changes, denies_destructive_changes, &mut diagnostics);
    let next = held::<R>(&schema.attributes, &typed);
    let (Some(prior), Some(typed_prior)) = (prior, typed_prior) else {
        let is_replacement = handed.replaces.is_some();
        let private = plan_create::<R>(objects, next, handed, &mut diagnostics);
        if let Some(key) = &private.creates
            && let Some(state) = lock(objects).state_to_complete(R::TYPE, key, is_replacement)
        {
            // Tainted, or replaced by -replace.
            replacement_notes.note(R::TYPE, key, &state, schema.ty());
        }
        return Ok(Planned {
            planned: Some(spelled(object)),
            replace: Vec::new(),
            private: private.write(),
            diagnostics,
        });
    };

    let in_state = stated.as_ref().unwrap_or(&prior);
    planning::mark_volatile(&schema.attributes, &prior, &mut object);
    let mut replace_paths = planning::replaced(attributes, &prior, &object);
    replace_paths.extend(replace);
    let held = held::<R>(&schema.attributes, &typed_prior);
    let next_key = next.and_then(|next| next.key);
    let key = held.as_ref().and_then(|held| held.key.as_ref());
    let stays = key.zip(next_key.as_ref()).is_some_and(|(key, next)| key.has_name_of(next));
    if let Some(key) = key {
        lock(objects).see_state(R::TYPE, key, in_state);
    }
    if stays {
        // What is not known yet may turn out to be what it was. If not, the plan that Terraform asks for again before
        // it applies, with everything known, refuses the change.
        replace_paths.retain(|path| planning::is_known_at(&object, path));
        if let Some(GuardedObject { key: Some(key), label, .. }) = &held {
            let keeping = lock(objects).keep(R::TYPE, key, &handed.instance, in_state, prior != object);
            match keeping {
                KeepConflict::Free => {}
                // At another address, which may have been noted as a replacement of this one.
                KeepConflict::Created => {
                    replacement_notes.forget(R::TYPE, key);
                    diagnostics.extend(twice::<R>(label));
                }
                KeepConflict::Kept => diagnostics.extend(twice::<R>(label)),
                KeepConflict::OlderDeleted => {
                    replacement_notes.note_current(R::TYPE, key, &handed.instance);
                    diagnostics.push(unclear(label));
                }
                KeepConflict::Deleted => diagnostics.push(kept_and_deleted(label)),
            }
        }
    }
    let destructive_changes = if replace_paths.is_empty() {
        let label = held.as_ref().map_or(R::TYPE, |held| held.label.as_str());
        diagnostics.extend(lasting(label, &planning::unset_in_vain(attributes, &prior, &object)));
        let mut destructive_changes =
            if prior == object { Vec::new() } else { R::destructive_changes(&typed_prior, Some(&typed)) };
        if handed.applied.is_some() && handed.applied == planning::digest(&schema.attributes, &object) {
            let is_incomparable = |destructive_change: &DestructiveChange| {
                let path = destructive_change.path.to_string();
                R::INCOMPARABLE.iter().any(|attribute| path.starts_with(attribute))
            };
            destructive_changes.retain(|destructive_change| !is_incomparable(destructive_change));
        }
        destructive_changes
    } else {
        let replacement = Replacement { stays, next_key, paths: &replace_paths, object: &object };
        let deletes = match &held {
            Some(held) => replacement.check(R::TYPE, held, in_state, &handed, objects, &mut diagnostics),
            None => true,
        };
        if deletes {
            diagnostics.extend(R::stays(&typed_prior).into_iter().collect::<Vec<_>>().into());
            let mut destructive_changes = R::destructive_changes(&typed_prior, None);
            destructive_changes.extend(R::plan_destroy(context, &typed_prior).await);
            destructive_changes
        } else {
            Vec::new()
        }
    };
    report(destructive_changes, denies_destructive_changes, &mut diagnostics);
    let replaces =
        held.map(|held| Replaced { key: held.key, label: held.label, protected: held.protected, stays });
    let private = Private { replaces: Some(replaces.unwrap_or_default()), ..handed.of_state() };
    let planned = Some(spelled(object));
    Ok(Planned { planned, replace: replace_paths, private: private.write(), diagnostics })
}

/// Plans the creation of an object; what its apply has to know.
fn plan_create<R: Resource>(
    objects: &Mutex<PlannedObjects>,
    next: Option<GuardedObject>,
    handed: Private,
    diagnostics: &mut Diagnostics,
) -> Private {
    let is_replacement = handed.replaces.is_some();
    let replaced = handed.replaces.unwrap_or_default();
    if replaced.protected {
        diagnostics.push(protected(&replaced.label));
    }
    let (key, label) = next.map(|next| (next.key, next.label)).unwrap_or_default();
    // An object that replaces itself is completed, not created.
    let replaces_itself = |key: &Key| replaced.key.as_ref().is_some_and(|replaced| replaced.has_name_of(key));
    if let Some(key) = key.as_ref().filter(|key| !replaces_itself(key)) {
        diagnostics.extend(match lock(objects).create(R::TYPE, key) {
            CreateConflict::Free => Diagnostics::new(),
            CreateConflict::Deleted => renamed(&label).into(),
            CreateConflict::Kept => twice::<R>(&label),
        });
        if replaced.stays {
            diagnostics.push(replaced_by_another(&replaced.label));
        }
    }
    Private {
        creates: key,
        forgets: handed.superseded,
        instance: handed.instance,
        replaces: is_replacement.then_some(replaced),
        ..Private::default()
    }
}

/// The replacement of an object that has a key.
struct Replacement<'a> {
    /// The new object has the same key.
    stays: bool,
    next_key: Option<Key>,
    /// What only a new object can have.
    paths: &'a [Path],
    object: &'a Object,
}

impl Replacement<'_> {
    /// Says why the object is not replaced; whether it is deleted.
    fn check(
        &self,
        of: &'static str,
        held: &GuardedObject,
        prior: &Object,
        private: &Private,
        objects: &Mutex<PlannedObjects>,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        if self.stays {
            diagnostics.extend(unchangeable(&held.label, self.paths));
            return true;
        }
        let unknown = self.paths.iter().filter(|path| !planning::is_known_at(self.object, path));
        let unknown: Vec<Diagnostic> = unknown.map(|path| unknown_key(&held.label, path)).collect();
        if self.next_key.is_none() && !unknown.is_empty() {
            diagnostics.extend(unknown.into());
            return false;
        }
        if private.imported {
            let another = self.paths.iter().map(|path| imported_as_another(&held.label, path));
            diagnostics.extend(another.collect::<Vec<_>>().into());
            return false;
        }
        if held.protected {
            diagnostics.push(protected(&held.label));
            return true;
        }
        let removal = removal(of, held, prior, private, objects);
        diagnostics.extend(match removal {
            Removal::Delete => Diagnostics::new(),
            // Only what the state itself says reaches the delete call of each order of replacement.
            Removal::Forget if !private.superseded => kept_and_deleted(&held.label).into(),
            Removal::Forget => forgotten(&held.label).into(),
            Removal::Unclear => unclear(&held.label).into(),
            Removal::Renamed => renamed(&held.label).into(),
        });
        removal == Removal::Delete
    }
}

/// Plans to delete an object in one place of the state.
fn removal(
    of: &'static str,
    held: &GuardedObject,
    prior: &Object,
    private: &Private,
    objects: &Mutex<PlannedObjects>,
) -> Removal {
    let Some(key) = &held.key else { return Removal::Delete };
    lock(objects).delete(of, key, &private.instance, prior, private.superseded)
}

async fn plan_destroy<R: Resource>(
    schema: &Schema,
    context: &Context<R::Client>,
    prior: Option<Object>,
    denies_destructive_changes: Denial,
    objects: &Mutex<PlannedObjects>,
    handed: &Private,
) -> Result<Planned, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let mut private = Private { destroys: true, ..handed.of_state() };
    if let Some(state) = prior {
        let prior = typed::<R>(schema, state.clone())?;
        let held = held::<R>(&schema.attributes, &prior);
        let removal = match &held {
            Some(held) => {
                let removal = removal(R::TYPE, held, &state, handed, objects);
                match removal {
                    Removal::Delete if held.protected => {
                        diagnostics.push(protected(&held.label));
                        return Ok(Planned {
                            planned: None,
                            replace: Vec::new(),
                            private: private.write(),
                            diagnostics,
                        });
                    }
                    Removal::Delete => {}
                    Removal::Forget => diagnostics.push(forgotten(&held.label)),
                    Removal::Unclear => diagnostics.push(unclear(&held.label)),
                    Removal::Renamed => diagnostics.push(renamed(&held.label)),
                }
                removal
            }
            None => Removal::Delete,
        };
        private.forgets = removal == Removal::Forget;
        if !private.forgets {
            let guard = schema.attributes.iter().any(|attribute| attribute.name == "deletion_protection");
            if let (true, true, Some(held)) = (handed.imported, guard, &held) {
                diagnostics.push(imported_unprotected(&held.label));
            }
            diagnostics.extend(R::stays(&prior).into_iter().collect::<Vec<_>>().into());
            let mut destructive_changes = R::destructive_changes(&prior, None);
            destructive_changes.extend(R::plan_destroy(context, &prior).await);
            report(destructive_changes, denies_destructive_changes, &mut diagnostics);
        }
    }
    Ok(Planned { planned: None, replace: Vec::new(), private: private.write(), diagnostics })
}

/// The attributes without the blocks that the framework adds.
fn model_attributes(schema: &Schema) -> &[Attribute] {
    let blocks = schema.attributes.iter().rev().take_while(|attribute| attribute.block).count();
    &schema.attributes[..schema.attributes.len() - blocks]
}

/// The model of a plan or a state, in its normal form.
pub(super) fn typed<R: Resource>(schema: &Schema, object: Object) -> Result<R::Model, Diagnostics> {
    R::Model::from_object(unset::normal(&schema.attributes, object)).map_err(bug)
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
