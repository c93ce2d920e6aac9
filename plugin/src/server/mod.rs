//! Answers Terraform's calls: decodes values by schema, runs the operation in a task of its own, and makes an
//! answer of whatever comes out, a panic included. Never a gRPC error for something a user can cause: Terraform shows
//! those without a place, and after a create they lose the object.

mod answer;
mod data;
mod resources;
mod schemas;
mod service;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use proto::tfplugin6 as wire;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::context::lock;
use crate::data_source::Readable;
use crate::resource::{Denial, Managed, PlannedObjects, ReplacementNotes, panicked};
use crate::schema::Schema;
use crate::value::{Object, Value};
use crate::{Context, Diagnostic, Diagnostics, Model, Provider, placement, unset};

/// The Terraform provider service for a [`Provider`].
pub struct Server<P: Provider> {
    shared: Arc<Shared<P>>,
    tasks: TaskTracker,
}

struct Shared<P: Provider> {
    provider: Schema,
    resources: BTreeMap<&'static str, Box<dyn Managed<P::Client>>>,
    data_sources: BTreeMap<&'static str, Box<dyn Readable<P::Client>>>,
    schemas: OnceLock<wire::get_provider_schema::Response>,
    /// Names of blocks: the paths of diagnostics may go into them.
    blocks: BTreeSet<&'static str>,
    configured: RwLock<Configured<P::Client>>,
    /// Cancelled and replaced by every StopProvider: what runs then ends, what comes later runs.
    cancel: Mutex<CancellationToken>,
    replacement_notes: ReplacementNotes,
    /// Begun anew by every ConfigureProvider, which is how Terraform begins a plan or an apply.
    objects: Mutex<PlannedObjects>,
}

struct Configured<C> {
    client: Result<C, Diagnostic>,
    denies_destructive_changes: Denial,
    /// The client finds attributes inside of values. What comes before ConfigureProvider, such as a validation, comes
    /// from a client of unknown version.
    finds_deep_paths: bool,
}

impl<P: Provider> Server<P> {
    /// A server for Terraform's working directory, whose operations run as tasks of `tasks`, which outlive a dropped
    /// request.
    #[must_use]
    pub fn new(tasks: TaskTracker) -> Self {
        Self::with(tasks, ReplacementNotes::in_working_directory())
    }

    /// A server that keeps what it hands over there.
    pub(crate) fn with(tasks: TaskTracker, replacement_notes: ReplacementNotes) -> Self {
        let unconfigured = Diagnostic::error(
            "The provider is not configured",
            "Terraform asked for an operation before it configured the provider.",
        );
        let mut shared = Shared {
            provider: Schema::new(0, P::DESCRIPTION, P::Config::attributes()),
            resources: P::resources().into_iter().map(|resource| (resource.name(), resource)).collect(),
            data_sources: P::data_sources().into_iter().map(|source| (source.name(), source)).collect(),
            schemas: OnceLock::new(),
            blocks: BTreeSet::new(),
            configured: RwLock::new(Configured {
                client: Err(unconfigured),
                denies_destructive_changes: None,
                finds_deep_paths: false,
            }),
            cancel: Mutex::default(),
            replacement_notes,
            objects: Mutex::default(),
        };
        let resources = shared.resources.values().map(|resource| resource.schema());
        let sources = shared.data_sources.values().map(|source| source.schema());
        shared.blocks = placement::blocks(std::iter::once(&shared.provider).chain(resources).chain(sources));
        Self { shared: Arc::new(shared), tasks }
    }

    /// Runs an operation to its end, whatever becomes of the request.
    async fn run<A, F>(&self, what: &'static str, operation: impl FnOnce(Arc<Shared<P>>) -> F) -> A
    where
        A: answer::Answer + Send + 'static,
        F: Future<Output = Result<A, Diagnostics>> + Send + 'static,
    {
        let task = self.tasks.spawn(operation(Arc::clone(&self.shared)));
        let mut answer = match task.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(failed)) => A::failed(&failed),
            Err(_) => A::failed(&panicked(what)),
        };
        if !self.shared.configured().finds_deep_paths {
            let diagnostics = answer.diagnostics().iter_mut();
            diagnostics.for_each(|diagnostic| placement::shorten(diagnostic, &self.shared.blocks));
        }
        answer
    }
}

impl<P: Provider> Shared<P> {
    fn resource(&self, name: &str) -> Result<&dyn Managed<P::Client>, Diagnostics> {
        self.resources.get(name).map(|resource| &**resource).ok_or_else(|| unknown_type("resource", name))
    }

    fn data_source(&self, name: &str) -> Result<&dyn Readable<P::Client>, Diagnostics> {
        self.data_sources.get(name).map(|source| &**source).ok_or_else(|| unknown_type("data source", name))
    }

    fn context(&self, time: Duration) -> Arc<Context<P::Client>> {
        let client = self.configured().client.clone();
        let cancel = lock(&self.cancel).clone();
        Context::new(client, cancel, time)
    }

    fn denies_destructive_changes(&self) -> Denial {
        self.configured().denies_destructive_changes
    }

    fn configured(&self) -> RwLockReadGuard<'_, Configured<P::Client>> {
        self.configured.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        std::mem::take(&mut *lock(&self.cancel)).cancel();
    }

    async fn configure(
        self: Arc<Self>,
        request: wire::configure_provider::Request,
    ) -> Result<wire::configure_provider::Response, Diagnostics> {
        *lock(&self.objects) = PlannedObjects::default();
        let finds_deep_paths = placement::is_deep(&request.terraform_version);
        self.configured.write().unwrap_or_else(PoisonError::into_inner).finds_deep_paths = finds_deep_paths;
        let config = self.provider_config(request.config.as_ref())?;
        let unknown: Vec<String> = config
            .iter()
            .filter(|(_, value)| !value.is_wholly_known())
            .map(|(name, _)| name.clone())
            .collect();
        let config = P::Config::from_object(config).map_err(answer::shape)?;
        let denies_destructive_changes = P::denies_destructive_changes(&config);
        let client = if unknown.is_empty() {
            P::configure(config, &request.terraform_version).await.map(Ok)?
        } else {
            Err(not_known_yet(&unknown))
        };
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) =
            Configured { client, denies_destructive_changes, finds_deep_paths };
        Ok(wire::configure_provider::Response::default())
    }

    /// The provider block, in which an empty value is an unset one.
    fn provider_config(&self, config: Option<&wire::DynamicValue>) -> Result<Object, Diagnostics> {
        let config = answer::object(config, self.provider.ty())?.unwrap_or_default();
        Ok(unset::config(&self.provider.attributes, config))
    }

    fn validate_provider(
        &self,
        request: &wire::validate_provider_config::Request,
    ) -> Result<wire::validate_provider_config::Response, Diagnostics> {
        let written = answer::object(request.config.as_ref(), self.provider.ty())?.unwrap_or_default();
        let config = unset::config(&self.provider.attributes, written.clone());
        let mut found = Diagnostics::new();
        crate::check::object(&self.provider.attributes, &written, &crate::Path::root(), &mut found);
        match P::Config::from_object(config) {
            Ok(config) => P::validate(&config, &mut found),
            Err(error) => found.extend(answer::shape(error)),
        }
        Ok(wire::validate_provider_config::Response { diagnostics: found.to_proto() })
    }
}

fn unknown_type(kind: &str, name: &str) -> Diagnostics {
    Diagnostic::error(format!("Unknown {kind} type"), format!("This provider has no {kind} {name:?}.")).into()
}

fn not_known_yet(arguments: &[String]) -> Diagnostic {
    Diagnostic::error(
        "The provider's configuration is not known yet",
        format!(
            "{} in the provider block can only be known after apply, and this operation has to call the service. Give \
             {} a value that is known when planning, or apply what it depends on first (terraform apply -target).",
            arguments.join(", "),
            if arguments.len() == 1 { "it" } else { "them" },
        ),
    )
}

/// The value of an object, or null where there is none.
fn or_null(object: Option<Object>) -> Value {
    object.map_or(Value::Null, Value::Map)
}

#[cfg(test)]
mod tests;
