//! Refreshing: what the cloud says now, in the form the state has.

use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::key::held;
use super::plan::typed;
use super::planned_objects::PlannedObjects;
use super::registered::Refreshed;
use super::replacement_notes::ReplacementNotes;
use super::{Key, Resource};
use crate::context::lock;
use crate::private::Private;
use crate::schema::Schema;
use crate::value::Object;
use crate::{Context, Diagnostics, Model, planning};

pub(super) async fn read<R: Resource>(
    schema: &Schema,
    context: &Arc<Context<R::Client>>,
    objects: &Mutex<PlannedObjects>,
    replacement_notes: &ReplacementNotes,
    prior: Object,
    private: Bytes,
) -> Result<Refreshed, Diagnostics> {
    let typed = typed::<R>(schema, prior.clone())?;
    let mut handed = Private::read(&private);
    let key = held::<R>(&schema.attributes, &typed).and_then(|held| held.key);
    if let Some(key) = &key {
        lock(objects).see(R::TYPE, key, &handed.instance);
    }
    let current = R::read(context, typed).await?;
    // By now other places may be known. The apply learns of them from here alone: it plans the deletion of a deposed object
    // anew.
    let is_superseded = |key: &Key| {
        lock(objects).has_younger(R::TYPE, key, &handed.instance)
            || replacement_notes.current(R::TYPE, key) > handed.instance
    };
    let superseded = key.as_ref().is_some_and(is_superseded);
    let private = if handed.superseded == superseded {
        private
    } else {
        handed.superseded = superseded;
        handed.write()
    };
    let state = current.map(|current| planning::settle(&schema.attributes, &prior, current.to_object()));
    if let (Some(key), Some(state)) = (&key, &state) {
        lock(objects).see_state(R::TYPE, key, state);
    }
    Ok(Refreshed { state, private })
}
