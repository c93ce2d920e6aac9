//! The provider: its block, and everything it offers.

use std::future::Future;

use crate::data_source::Readable;
use crate::resource::{Denial, Managed};
use crate::{Diagnostics, Model};

/// A Terraform provider.
pub trait Provider: Send + Sync + 'static {
    /// Arguments of the provider block. An empty text counts as unset: it arrives as null.
    type Config: Model;
    /// What resources make their calls with; cheap to clone.
    type Client: Clone + Send + Sync + 'static;
    /// What it is, in Markdown.
    const DESCRIPTION: &'static str;

    /// Checks the provider block. Any value may be unknown; no calls.
    fn validate(_config: &Self::Config, _found: &mut Diagnostics) {}

    /// Makes a client from a wholly known provider block. No calls: Terraform configures providers it may not need.
    fn configure(
        config: Self::Config,
        terraform_version: &str,
    ) -> impl Future<Output = Result<Self::Client, Diagnostics>> + Send;

    /// Whether a plan that loses something (see [`Resource::destructive_changes`](crate::Resource::losses)) is an error, and what to say then. Any value may be unknown.
    fn denies_destructive_changes(_config: &Self::Config) -> Denial {
        None
    }

    /// All managed resources.
    fn resources() -> Vec<Box<dyn Managed<Self::Client>>>;

    /// All data sources.
    fn data_sources() -> Vec<Box<dyn Readable<Self::Client>>>;
}
