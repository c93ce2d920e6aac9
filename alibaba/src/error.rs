//! What can go wrong with a call, in one type: the service's refusals, the ways of the wire, and wrong settings.

use std::fmt;
use std::time::Duration;

use crate::advice;
use crate::credentials::{CredentialsError, CredentialsFault};
use crate::endpoint::{EndpointError, Service};
use crate::kind::{ErrorClass, ErrorKind, classify};
use crate::transport::Request;

/// Everything that can go wrong with a call. Cheap to clone, so that callers who share a read share its error.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service answered, and said no.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// No usable credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// A region, endpoint or transport setting that cannot work.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// No connection could be made, or (for a call that may be repeated) none that lasted.
    #[error(
        "{service} {action}: cannot reach {address}: {detail}. Check the network, the proxy and the endpoint settings."
    )]
    Unreachable {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// Host and port that were tried.
        address: String,
        /// What the connection said.
        detail: String,
        /// A request that changes something was on its way, in this attempt or an earlier one, so that it may have taken
        /// effect.
        sent: bool,
    },
    /// The address answered in plain HTTP where TLS was to begin, so no request was sent.
    #[error(
        "{service} {action}: {address} speaks plain HTTP, and was addressed as https. Write http://{address} in the endpoint \
         settings."
    )]
    NotTls {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// Host and port, without a scheme.
        address: String,
    },
    /// The request went out and no answer came back, for a call that must not be sent twice: it may or may not have
    /// taken effect. Read the object to find out.
    #[error(
        "{service} {action}: the connection broke before the answer arrived ({detail}); the change may or may not have been made"
    )]
    LostAnswer {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// What the connection said.
        detail: String,
    },
    /// The deadline of the operation passed. `sent` tells whether a request that changes something was on its way.
    #[error("{service} {action}: the time allowed for this operation is over{}", after(.last))]
    DeadlineExceeded {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// The request was on its way, so that it may have taken effect.
        sent: bool,
        /// The last refusal before the deadline, if there was one.
        last: Option<Box<Error>>,
    },
    /// The caller asked to stop.
    #[error("{service} {action}: cancelled")]
    Cancelled {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// The request was on its way, so that it may have taken effect.
        sent: bool,
    },
    /// A wait was cancelled by the caller.
    #[error("cancelled while waiting for {what}")]
    WaitCancelled {
        /// What was waited for.
        what: String,
    },
    /// A wait took longer than allowed.
    #[error("waited {} s for {what}, which is the time allowed for it", .waited.as_secs())]
    WaitTimeout {
        /// What was waited for.
        what: String,
        /// For how long.
        waited: Duration,
    },
    /// A good answer without what makes it an answer to the call: one that cannot be parsed, lacks a member, or is about
    /// another object. It says nothing about the object asked for, least of all that there is none.
    #[error(
        "{service} {action}: unexpected answer: {detail}{}. Something between this machine and the service may have given \
         it: check the endpoint and proxy settings. If it stays, give the request id to the vendor's support.",
        in_request(.request_id)
    )]
    UnexpectedAnswer {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// What is wrong with it, such as the member that is missing; no content.
        detail: String,
        /// The request id, if the answer had one.
        request_id: Option<String>,
    },
    /// A good answer that is longer than any that the service gives.
    #[error(
        "{service} {action}: the answer has more than {} MiB, so it was not read{}. No answer of the service is that long: \
         check the endpoint and proxy settings.",
        .most.div_ceil(1024 * 1024),
        in_request(.request_id)
    )]
    AnswerTooLarge {
        /// The service called.
        service: Service,
        /// The API action.
        action: &'static str,
        /// The longest answer that is read, in bytes.
        most: usize,
        /// The request id, if the answer had one.
        request_id: Option<String>,
    },
    /// A fault of this program, such as a value that no header can carry.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// The refusal of the service, if it is one.
    pub fn service_error(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// The service's error code, e.g. `TrailNotFoundException`.
    pub fn code(&self) -> Option<&str> {
        self.service_error().map(|error| error.code.as_str())
    }

    /// Whether the service's error code is this one (letter case does not count).
    pub fn is_code(&self, code: &str) -> bool {
        self.code().is_some_and(|have| have.eq_ignore_ascii_case(code))
    }

    /// What kind of refusal it is, if the service refused.
    pub fn kind(&self) -> Option<ErrorKind> {
        self.service_error().map(|error| error.class().kind)
    }

    fn is(&self, kind: ErrorKind) -> bool {
        self.kind() == Some(kind)
    }

    /// Whether the service says that the object asked for does not exist. The container of an object counts: a
    /// logstore of a project that is gone is gone too.
    pub fn is_not_found(&self) -> bool {
        self.is(ErrorKind::NotFound)
    }

    /// Whether the service says that there is already one of that name.
    pub fn is_already_exists(&self) -> bool {
        self.is(ErrorKind::AlreadyExists)
    }

    /// Whether the service asked to be called less often.
    pub fn is_throttling(&self) -> bool {
        self.is(ErrorKind::Throttled)
    }

    /// Whether the caller lacks the permission.
    pub fn is_denied(&self) -> bool {
        self.is(ErrorKind::Denied)
    }

    /// Whether a permission or an object that was just made has not spread through the service yet, so that the same
    /// call may succeed in a moment.
    pub fn is_not_yet_visible(&self) -> bool {
        self.is(ErrorKind::NotYetVisible)
    }

    /// Whether the state of the object, or another change of it, stands in the way.
    pub fn is_conflict(&self) -> bool {
        self.is(ErrorKind::Conflict)
    }

    /// Whether a call that changes something may have taken effect although it failed: read before going on.
    pub fn may_have_been_applied(&self) -> bool {
        match self {
            // A garbled answer to a write is an answer to a write.
            Self::LostAnswer { .. } | Self::UnexpectedAnswer { .. } | Self::AnswerTooLarge { .. } => true,
            Self::DeadlineExceeded { sent, .. }
            | Self::Cancelled { sent, .. }
            | Self::Unreachable { sent, .. } => *sent,
            Self::Service(error) => error.after_unsure_attempt || error.class().may_have_been_applied,
            _ => false,
        }
    }

    /// The error of the last attempt of a call, of which an earlier one may have taken effect.
    pub(crate) fn after_unsure_attempt(self, request: &Request) -> Self {
        match self {
            Self::Service(mut error) => {
                error.after_unsure_attempt = true;
                Self::Service(error)
            }
            Self::Unreachable { service, action, address, detail, .. } => {
                Self::Unreachable { service, action, address, detail, sent: true }
            }
            error if error.may_have_been_applied() => error,
            error => Self::LostAnswer {
                service: request.service,
                action: request.action,
                detail: format!("trying again failed: {error}"),
            },
        }
    }

    /// Whether the caller stopped it.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled { .. } | Self::WaitCancelled { .. })
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}

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

    /// What the error means and what to do about it, for the codes where there is something to say.
    pub fn advice(&self) -> Option<String> {
        advice::advice(self)
    }

    /// What is wrong with the credentials, where that is why the service refused.
    pub fn credentials_fault(&self) -> Option<CredentialsFault> {
        CredentialsFault::of(self)
    }

    /// How the service's table of error codes judges it.
    pub fn class(&self) -> ErrorClass {
        classify(self.service, &self.code, self.status)
    }
}

impl std::error::Error for ServiceError {}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} (HTTP {}", self.service, self.action, self.code, self.status)?;
        if let Some(detail) = &self.detail_code {
            write!(f, ", EC {detail}")?;
        }
        write!(f, "{})", in_request(&self.request_id))?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(denied) = &self.access_denied {
            write!(f, "\n{denied}")?;
        }
        for line in [&self.clock, &self.advice()].into_iter().flatten() {
            write!(f, "\n{line}")?;
        }
        Ok(())
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

fn in_request(id: &Option<String>) -> String {
    id.as_ref().map(|id| format!(", request id {id}")).unwrap_or_default()
}

fn after(last: &Option<Box<Error>>) -> String {
    last.as_ref().map(|last| format!("; the last refusal was: {last}")).unwrap_or_default()
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
