//! What a service says when it refuses, and how its code is judged.

use std::fmt;

use crate::core::codes::classify;
use crate::endpoint::Service;
use crate::kind::ErrorClass;

/// An error answer of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The service that answered.
    pub service: Service,
    /// The API action.
    pub action: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: String,
    /// The service's own words; empty where they would echo parts of the signature.
    pub message: String,
    /// The request id: what the vendor's support asks for.
    pub request_id: Option<String>,
    /// The finer error number of OSS (`EC`).
    pub detail_code: Option<String>,
    /// Why a permission was refused.
    pub access_denied: Option<AccessDenied>,
    /// The endpoint that OSS says the bucket has to be addressed at.
    pub endpoint: Option<String>,
    /// How the clock of this machine differs from the service's, where that is what the error is about.
    pub clock: Option<String>,
    /// An earlier attempt of the same call was not answered, or ended in a fault of the service, and may have taken effect.
    pub after_unsure_attempt: bool,
}

impl ServiceError {
    /// A refusal that says no more than its code, for those who stand in for a service.
    pub fn new(service: Service, action: &'static str, status: u16, code: impl Into<String>) -> Self {
        Self {
            service,
            action,
            status,
            code: code.into(),
            message: String::new(),
            request_id: None,
            detail_code: None,
            access_denied: None,
            endpoint: None,
            clock: None,
            after_unsure_attempt: false,
        }
    }

    /// How the service's table of error codes judges it.
    pub fn class(&self) -> ErrorClass {
        classify(self.service, &self.code, self.status)
    }
}

/// The detail of a refused permission.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccessDenied {
    /// The permission that was asked for, e.g. `actiontrail:CreateTrail`.
    pub auth_action: Option<String>,
    /// What the caller is: `SubUser`, `AssumedRoleUser`, …
    pub auth_principal_type: Option<String>,
    /// The account of the caller.
    pub auth_principal_owner_id: Option<String>,
    /// The caller's name.
    pub auth_principal_display_name: Option<String>,
    /// `ImplicitDeny` (nothing allows it) or `ExplicitDeny` (something forbids it).
    pub no_permission_type: Option<String>,
    /// The kind of policy that decided.
    pub policy_type: Option<String>,
    /// The vendor's encoded diagnosis, for the console's diagnosis page.
    pub encoded_diagnostic_message: Option<String>,
}

impl fmt::Display for AccessDenied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = || "?".to_owned();
        write!(f, "Refused permission: {}", self.auth_action.clone().unwrap_or_else(unknown))?;
        if let Some(name) =
            self.auth_principal_display_name.as_ref().or(self.auth_principal_owner_id.as_ref())
        {
            write!(f, " for {} {name}", self.auth_principal_type.as_deref().unwrap_or("principal"))?;
        }
        if let Some(kind) = &self.no_permission_type {
            write!(f, " ({kind}")?;
            if let Some(policy) = &self.policy_type {
                write!(f, ", {policy}")?;
            }
            f.write_str(")")?;
        }
        if let Some(message) = &self.encoded_diagnostic_message {
            write!(f, "; encoded diagnosis: {message}")?;
        }
        Ok(())
    }
}

/// The request id as the end of a sentence.
pub(crate) fn in_request(id: &Option<String>) -> String {
    id.as_ref().map(|id| format!(", request id {id}")).unwrap_or_default()
}
