//! What can go wrong with a call, in one type: the service's refusals, the ways of the wire, and wrong settings.

mod service;

use std::time::Duration;

use crate::credentials::CredentialsError;
use crate::endpoint::{EndpointError, Service};
use crate::kind::ErrorKind;

pub(crate) use service::in_request;
pub use service::{AccessDenied, ServiceError};

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
    pub(crate) fn after_unsure_attempt(self, service: Service, action: &'static str) -> Self {
        match self {
            Self::Service(mut error) => {
                error.after_unsure_attempt = true;
                Self::Service(error)
            }
            Self::Unreachable { service, action, address, detail, .. } => {
                Self::Unreachable { service, action, address, detail, sent: true }
            }
            error if error.may_have_been_applied() => error,
            error => Self::LostAnswer { service, action, detail: format!("trying again failed: {error}") },
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

fn after(last: &Option<Box<Error>>) -> String {
    last.as_ref().map(|last| format!("; the last refusal was: {last}")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
