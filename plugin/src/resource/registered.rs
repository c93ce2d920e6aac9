//! Resources of any type behind one interface, as the server needs them.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;

use super::planned_objects::PlannedObjects;
use super::replacement_notes::ReplacementNotes;
use super::{Denial, Resource, apply, import, plan, read};
use crate::schema::{Mode, Schema};
use crate::value::{Object, Value};
use crate::{Context, Diagnostic, Diagnostics, Model, Path, check, planning, timeouts, unset, upgrade};

/// A planning or apply call.
#[derive(Debug, Default)]
pub struct Request {
    pub(crate) prior: Option<Object>,
    pub(crate) config: Option<Object>,
    pub(crate) planned: Option<Object>,
    pub(crate) private: Bytes,
}

/// The answer to a planning call.
#[derive(Debug)]
pub struct Planned {
    pub(crate) planned: Option<Object>,
    pub(crate) replace: Vec<Path>,
    pub(crate) private: Bytes,
    pub(crate) diagnostics: Diagnostics,
}

/// The answer to an apply call.
#[derive(Debug)]
pub struct Applied {
    pub(crate) state: Option<Object>,
    pub(crate) private: Bytes,
    pub(crate) diagnostics: Diagnostics,
}

/// The answer to a refresh.
#[derive(Debug)]
pub struct Refreshed {
    pub(crate) state: Option<Object>,
    pub(crate) private: Bytes,
}

/// The answer to an import call.
#[derive(Debug)]
pub struct Imported {
    pub(crate) state: Object,
    pub(crate) private: Bytes,
    pub(crate) identity: Value,
}

/// A resource of any type, as the server calls it.
#[async_trait]
pub trait Managed<C>: Send + Sync {
    /// Type name.
    fn name(&self) -> &'static str;
    /// Schema.
    fn schema(&self) -> &Schema;
    /// Where a test double of the service holds an object of this type; see [`Model::REMOTE`].
    fn remote(&self) -> &'static str;
    /// Reads stored state of any version; the error says why it cannot be read, as a sentence.
    fn read_stored(&self, version: i64, text: &[u8]) -> Result<Object, String>;
    /// Reads a stored identity of any version; the error says why it cannot be read, as a sentence.
    fn read_stored_identity(&self, version: i64, text: &[u8]) -> Result<Object, String>;
    /// Checks a configuration.
    fn validate(&self, config: Object) -> Diagnostics;
    /// Plans a change.
    async fn plan(
        &self,
        context: &Arc<Context<C>>,
        denies_destructive_changes: Denial,
        objects: &Mutex<PlannedObjects>,
        replacement_notes: &ReplacementNotes,
        request: Request,
    ) -> Result<Planned, Diagnostics>;
    /// Carries out a change.
    async fn apply(
        &self,
        context: &Arc<Context<C>>,
        denies_destructive_changes: Denial,
        objects: &Mutex<PlannedObjects>,
        replacement_notes: &ReplacementNotes,
        request: Request,
    ) -> Applied;
    /// Reads an object.
    async fn read(
        &self,
        context: &Arc<Context<C>>,
        objects: &Mutex<PlannedObjects>,
        replacement_notes: &ReplacementNotes,
        prior: Object,
        private: Bytes,
    ) -> Result<Refreshed, Diagnostics>;
    /// Imports an object.
    async fn import(
        &self,
        context: &Arc<Context<C>>,
        objects: &Mutex<PlannedObjects>,
        id: &str,
        identity: Option<Object>,
    ) -> Result<Imported, Diagnostics>;
    /// The identity of a state.
    fn identity(&self, state: &Object) -> Value {
        apply::identity(&self.schema().attributes, state)
    }
}

/// A [`Resource`] as the server calls it.
pub struct Registered<R> {
    schema: OnceLock<Schema>,
    resource: PhantomData<fn() -> R>,
}

impl<R: Resource> Registered<R> {
    /// Registers a resource with a provider.
    #[must_use]
    #[expect(clippy::new_ret_no_self, reason = "a provider only ever keeps resources of mixed types")]
    pub fn new() -> Box<dyn Managed<R::Client>> {
        Box::new(Self { schema: OnceLock::new(), resource: PhantomData })
    }
}

/// A panic is a bug, but not one that may cost the user an object: it becomes an error beside what was kept.
pub(crate) fn panicked(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("The provider failed while {what}"),
        "This is a bug in the provider. Its log (TF_LOG_PROVIDER=DEBUG) says where; please report it.",
    )
    .into()
}

#[async_trait]
impl<R: Resource> Managed<R::Client> for Registered<R> {
    fn name(&self) -> &'static str {
        R::TYPE
    }

    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| {
            let mut attributes = R::Model::attributes();
            attributes.push(timeouts::attribute());
            let version = upgrade::current_version(R::UPGRADES);
            let mut schema = Schema::managed(version, R::DESCRIPTION, attributes);
            schema.identity_version = upgrade::current_version(R::IDENTITY_UPGRADES);
            schema
        })
    }

    fn remote(&self) -> &'static str {
        R::Model::REMOTE
    }

    fn read_stored(&self, version: i64, text: &[u8]) -> Result<Object, String> {
        let schema = self.schema();
        let default = |name: &str| match schema.attribute(name) {
            Some(attribute) if matches!(attribute.mode, Mode::Default(_) | Mode::DefaultObject) => {
                planning::unset(attribute, None).without_unknowns()
            }
            _ => Value::Null,
        };
        upgrade::read(text, version, R::UPGRADES, schema.ty(), default)
    }

    fn read_stored_identity(&self, version: i64, text: &[u8]) -> Result<Object, String> {
        upgrade::read(text, version, R::IDENTITY_UPGRADES, &self.schema().identity_type(), |_| Value::Null)
    }

    fn validate(&self, config: Object) -> Diagnostics {
        let mut found = Diagnostics::new();
        check::object(&self.schema().attributes, &config, &Path::root(), &mut found);
        match R::Model::from_object(unset::config(&self.schema().attributes, config)) {
            Ok(config) => R::validate(&config, &mut found),
            // A shape that the type allows and the model does not, such as a fraction of a day.
            Err(error) => {
                let path = error.path.clone();
                found.push(
                    Diagnostic::error(format!("Invalid {path}"), format!("{path} {}.", error.message))
                        .at(path),
                );
            }
        }
        found
    }

    async fn plan(
        &self,
        context: &Arc<Context<R::Client>>,
        denies_destructive_changes: Denial,
        objects: &Mutex<PlannedObjects>,
        replacement_notes: &ReplacementNotes,
        request: Request,
    ) -> Result<Planned, Diagnostics> {
        plan::plan::<R>(
            self.schema(),
            context,
            denies_destructive_changes,
            objects,
            replacement_notes,
            request,
        )
        .await
    }

    async fn apply(
        &self,
        context: &Arc<Context<R::Client>>,
        denies_destructive_changes: Denial,
        objects: &Mutex<PlannedObjects>,
        replacement_notes: &ReplacementNotes,
        request: Request,
    ) -> Applied {
        apply::run::<R>(
            self.schema(),
            context,
            denies_destructive_changes,
            objects,
            replacement_notes,
            request,
        )
        .await
    }

    async fn read(
        &self,
        context: &Arc<Context<R::Client>>,
        objects: &Mutex<PlannedObjects>,
        replacement_notes: &ReplacementNotes,
        prior: Object,
        private: Bytes,
    ) -> Result<Refreshed, Diagnostics> {
        read::read::<R>(self.schema(), context, objects, replacement_notes, prior, private).await
    }

    async fn import(
        &self,
        context: &Arc<Context<R::Client>>,
        objects: &Mutex<PlannedObjects>,
        id: &str,
        identity: Option<Object>,
    ) -> Result<Imported, Diagnostics> {
        import::import::<R>(self.schema(), context, objects, id, identity).await
    }
}
