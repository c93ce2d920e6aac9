//! The JSON of `terraform show -json` and `tofu show -json`, of a plan or a state (Terraform documentation, "JSON Output
//! Format"). Only what is read here is declared; what a resource looks like stays text until somebody asks for it, so that a
//! large plan of other resources costs little more than its own size.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

/// Why a text is no plan that can be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is no JSON, or another JSON than that of a plan.
    #[error("it is not the JSON of a plan or state: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON of something else.
    #[error("it is JSON, but neither a plan nor a state of Terraform or OpenTofu: {0}")]
    Other(&'static str),
    /// It is of a format that is not known here.
    #[error(
        "format_version {found:?} is not known: this program reads plans of format 0.x and 1.x and states of format 0.x, 1.x"
    )]
    Version {
        /// What the document says.
        found: String,
    },
    /// It is a plan that broke off.
    #[error(
        "the plan ended with an error (\"errored\": true), so that it says nothing about what would be applied"
    )]
    Errored,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Document<'a> {
    #[serde(borrow)]
    pub(crate) planned_values: Option<Values<'a>>,
    /// Of a state.
    #[serde(borrow)]
    pub(crate) values: Option<Values<'a>>,
    #[serde(borrow, default)]
    pub(crate) resource_changes: Vec<Change<'a>>,
    #[serde(borrow)]
    pub(crate) configuration: Option<Configuration<'a>>,
    #[serde(default)]
    errored: bool,
    /// Since Terraform 1.8: whether everything is planned, or a further plan is needed.
    pub(crate) complete: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Values<'a> {
    #[serde(borrow)]
    pub(crate) root_module: Option<Module<'a>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Module<'a> {
    #[serde(default)]
    pub(crate) address: String,
    #[serde(borrow, default)]
    pub(crate) resources: Vec<Planned<'a>>,
    #[serde(borrow, default)]
    pub(crate) child_modules: Vec<Module<'a>>,
}

/// A resource of a state, or of the values that a plan ends with.
#[derive(Debug, Deserialize)]
pub(crate) struct Planned<'a> {
    pub(crate) address: String,
    pub(crate) mode: String,
    pub(crate) r#type: String,
    pub(crate) name: String,
    pub(crate) index: Option<Value>,
    #[serde(default)]
    pub(crate) provider_name: String,
    #[serde(borrow)]
    pub(crate) values: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) sensitive_values: Option<&'a RawValue>,
    pub(crate) deposed_key: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Change<'a> {
    pub(crate) address: String,
    #[serde(default)]
    pub(crate) module_address: String,
    pub(crate) mode: String,
    pub(crate) r#type: String,
    pub(crate) name: String,
    pub(crate) index: Option<Value>,
    #[serde(default)]
    pub(crate) provider_name: String,
    pub(crate) deposed: Option<IgnoredAny>,
    #[serde(borrow)]
    pub(crate) change: &'a RawValue,
}

/// What a plan does to one resource.
#[derive(Debug, Deserialize)]
pub(crate) struct Actions {
    pub(crate) actions: Vec<String>,
    #[serde(default)]
    pub(crate) before: Value,
    #[serde(default)]
    pub(crate) after: Value,
    #[serde(default)]
    pub(crate) after_unknown: Value,
    #[serde(default)]
    pub(crate) before_sensitive: Value,
    #[serde(default)]
    pub(crate) after_sensitive: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(crate) provider_config: BTreeMap<String, ProviderConfig<'a>>,
    #[serde(borrow, default)]
    pub(crate) root_module: ConfiguredModule<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ProviderConfig<'a> {
    #[serde(borrow)]
    pub(crate) expressions: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ConfiguredModule<'a> {
    #[serde(borrow, default)]
    pub(crate) resources: Vec<ConfiguredResource<'a>>,
    #[serde(borrow, default)]
    pub(crate) module_calls: BTreeMap<String, ModuleCall<'a>>,
    #[serde(borrow, default)]
    pub(crate) outputs: BTreeMap<String, Output<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ConfiguredResource<'a> {
    pub(crate) mode: String,
    pub(crate) r#type: String,
    pub(crate) name: String,
    pub(crate) provider_config_key: Option<String>,
    #[serde(borrow)]
    pub(crate) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) for_each_expression: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ModuleCall<'a> {
    #[serde(borrow)]
    pub(crate) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) for_each_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) module: ConfiguredModule<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Output<'a> {
    #[serde(borrow)]
    pub(crate) expression: Option<&'a RawValue>,
}

impl<'a> Document<'a> {
    /// Reads a plan or state.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        // Said first, since what makes another format unreadable is not worth telling.
        if let Some(found) = format_version(text)? {
            let major = found.split('.').next().unwrap_or_default();
            if !["0", "1"].contains(&major) {
                return Err(Error::Version { found });
            }
        } else {
            return Err(Error::Other("it has no format_version"));
        }
        let document: Self = serde_json::from_str(text)?;
        if document.errored {
            return Err(Error::Errored);
        }
        let has_content = document.planned_values.is_some() || document.values.is_some();
        // The state of nothing has a version of Terraform, or not even that.
        if !has_content && document.resource_changes.is_empty() && document.configuration.is_some() {
            return Err(Error::Other("it has a configuration only, and no planned values"));
        }
        Ok(document)
    }

    /// Whether it is a plan, and not a state.
    pub(crate) fn is_plan(&self) -> bool {
        self.planned_values.is_some() || !self.resource_changes.is_empty()
    }
}

/// The version that a document says it has.
fn format_version(text: &str) -> Result<Option<String>, Error> {
    #[derive(Deserialize)]
    struct Head {
        format_version: Option<Value>,
    }
    if text.starts_with('[') {
        return Err(Error::Other("it is a list"));
    }
    let head: Head = serde_json::from_str(text)?;
    Ok(head.format_version.map(|version| match version {
        Value::String(text) => text,
        other => other.to_string(),
    }))
}
