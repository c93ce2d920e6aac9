//! Importing by id or identity.

use std::sync::{Arc, Mutex};

use super::Resource;
use super::key::held;
use super::plan::bug;
use super::planned_objects::{PlannedObjects, new_instance};
use super::registered::Imported;
use crate::context::lock;
use crate::private::Private;
use crate::schema::{Identity, Schema, identity_attributes};
use crate::value::{Object, Value};
use crate::{Context, Diagnostic, Diagnostics, Model, planning};

pub(super) async fn import<R: Resource>(
    schema: &Schema,
    context: &Arc<Context<R::Client>>,
    objects: &Mutex<PlannedObjects>,
    id: &str,
    identity: Option<Object>,
) -> Result<Imported, Diagnostics> {
    let target = match identity {
        Some(given) => {
            let missing = identity_attributes(&schema.attributes)
                .filter(|(_, part)| *part == Identity::Required)
                .find(|(attribute, _)| given.get(attribute.name).is_none_or(Value::is_null));
            if let Some((attribute, _)) = missing {
                return Err(Diagnostic::error(
                    format!("Identity without {}", attribute.name),
                    format!("The identity of a {} needs {}.", R::TYPE, attribute.name),
                )
                .into());
            }
            R::Model::from_object(given).map_err(bug)?
        }
        None => R::parse_id(id)?,
    };
    let target = R::import(context, target).await?;
    let private = Private { instance: new_instance(), imported: true, ..Private::default() };
    if let Some(key) = held::<R>(&schema.attributes, &target).and_then(|held| held.key) {
        lock(objects).import(R::TYPE, &key, &private.instance);
    }
    let target = target.to_object();
    // In the longest form, which the refresh that follows keeps where nothing else is found.
    let state = planning::settle(&schema.attributes, &Object::new(), target);
    let identity = super::apply::identity(&schema.attributes, &state);
    Ok(Imported { state, private: private.write(), identity })
}
