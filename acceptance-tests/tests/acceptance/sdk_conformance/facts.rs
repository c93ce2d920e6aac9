//! What the documentation says of each call, read from `sdk/calls`: a file per service, named as in the request log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

/// A service. Keys that are none of its own are calls.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Service {
    /// Address of the page that describes a call; `{call}` stands for its name.
    pub(crate) page: String,
    /// Documented errors that any call may meet.
    #[serde(default)]
    pub(crate) errors: Vec<String>,
    /// Errors that any call may meet by the mock's guess.
    #[serde(default)]
    pub(crate) assumed: Vec<String>,
    /// Errors of the service that no SDK can provoke, and why.
    #[serde(default)]
    pub(crate) unprovoked: BTreeMap<String, String>,
    /// The calls by name.
    #[serde(flatten)]
    pub(crate) calls: BTreeMap<String, Call>,
}

/// A call.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Call {
    /// Address of its page, where it is not at the service's usual place.
    pub(crate) page: Option<String>,
    /// Documented errors.
    pub(crate) errors: Vec<String>,
    /// Errors by the mock's guess.
    pub(crate) assumed: Vec<String>,
    /// Errors of these that no SDK can provoke, and why.
    pub(crate) unprovoked: BTreeMap<String, String>,
    /// Whether the answer comes in pages.
    pub(crate) paged: bool,
    /// Why no SDK makes the call.
    pub(crate) unchecked: Option<String>,
}

/// All services by name.
#[derive(Debug)]
pub(crate) struct Facts(pub(crate) BTreeMap<&'static str, Service>);

impl Facts {
    /// Reads the files of all services that the mock has.
    pub(crate) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk/calls");
        let services: BTreeSet<&str> =
            mock_cloud::calls::all().into_iter().map(|(service, _)| service).collect();
        let read = |service: &'static str| {
            let path = folder.join(format!("{service}.toml"));
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (service, toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        };
        Facts(services.into_iter().map(read).collect())
    }
}

impl Service {
    /// The address of a call's page.
    pub(crate) fn page_of(&self, name: &str, call: &Call) -> String {
        // The pages of OSS have their names in lower case.
        let name = if self.page.contains("/oss/") { name.to_lowercase() } else { name.to_owned() };
        call.page.clone().unwrap_or_else(|| self.page.replace("{call}", &name))
    }
}
