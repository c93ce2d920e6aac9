//! Data sources: the trait one implements, and the interface the server calls.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;

use crate::schema::Schema;
use crate::value::Object;
use crate::{Context, Diagnostic, Diagnostics, Model, Path, check, planning, unset};

/// Something that Terraform reads and does not manage.
pub trait DataSource: Send + Sync + 'static {
    /// The provider's configured client.
    type Client: Clone + Send + Sync + 'static;
    /// Its attributes.
    type Model: Model;
    /// Type name, with the provider's prefix.
    const TYPE: &'static str;
    /// What it is, in Markdown.
    const DESCRIPTION: &'static str;

    /// Checks across attributes of a configuration. Any value may be unknown; no calls.
    fn validate(_config: &Self::Model, _found: &mut Diagnostics) {}

    /// Reads it. Every value of the configuration is known; unset attributes with a default have it.
    fn read(
        context: &Context<Self::Client>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// A data source of any type, as the server calls it.
#[async_trait]
pub trait Readable<C>: Send + Sync {
    /// Type name.
    fn name(&self) -> &'static str;
    /// Schema.
    fn schema(&self) -> &Schema;
    /// Checks a configuration.
    fn validate(&self, config: Object) -> Diagnostics;
    /// Reads it.
    async fn read(&self, context: &Arc<Context<C>>, config: Object) -> Result<Object, Diagnostics>;
}

/// A [`DataSource`] as the server calls it.
pub struct RegisteredData<D> {
    schema: OnceLock<Schema>,
    source: PhantomData<fn() -> D>,
}

impl<D: DataSource> RegisteredData<D> {
    /// Registers a data source with a provider.
    #[must_use]
    #[expect(clippy::new_ret_no_self, reason = "a provider only ever keeps data sources of mixed types")]
    pub fn new() -> Box<dyn Readable<D::Client>> {
        Box::new(Self { schema: OnceLock::new(), source: PhantomData })
    }
}

#[async_trait]
impl<D: DataSource> Readable<D::Client> for RegisteredData<D> {
    fn name(&self) -> &'static str {
        D::TYPE
    }

    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| Schema::new(0, D::DESCRIPTION, D::Model::attributes()))
    }

    fn validate(&self, config: Object) -> Diagnostics {
        let mut found = Diagnostics::new();
        check::object(&self.schema().attributes, &config, &Path::root(), &mut found);
        match D::Model::from_object(unset::config(&self.schema().attributes, config)) {
            Ok(config) => D::validate(&config, &mut found),
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

    async fn read(&self, context: &Arc<Context<D::Client>>, config: Object) -> Result<Object, Diagnostics> {
        let bug = |error: crate::value::ShapeError| -> Diagnostics {
            Diagnostic::error(
                "Value of an unexpected shape",
                format!("{error}. This is a bug in the provider."),
            )
            .into()
        };
        let attributes = &self.schema().attributes;
        let meant = unset::config(attributes, config.clone());
        let planned = unset::normal(attributes, planning::object(attributes, None, &meant));
        let read = D::read(context, D::Model::from_object(planned).map_err(bug)?).await?;
        Ok(planning::settle(attributes, &config, read.to_object()))
    }
}
