//! Refusals of the SLS service: HTTP status, error code and message, and how they are written down.
//! Clients match on some of the messages, so those follow what the service's SDK tests assert, grammar included.

use http::StatusCode;
use serde_json::json;

use crate::http::Reply;

/// A refused SLS request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Error {
    /// A refusal with this HTTP status.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Error {
        Error { status, code, message: message.into() }
    }

    /// The usual refusal: 400.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Error {
        Error::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A parameter or member with a wrong value (SLS API reference, "Common error codes").
    pub fn parameter(message: impl Into<String>) -> Error {
        Error::bad("ParameterInvalid", message)
    }

    /// A body that is not what the operation takes.
    pub fn body(message: impl Into<String>) -> Error {
        Error::bad("PostBodyInvalid", message)
    }

    /// Something that is not there.
    pub fn missing(code: &'static str, message: impl Into<String>) -> Error {
        Error::new(StatusCode::NOT_FOUND, code, message)
    }

    /// The project is not there (control-plane wording, with a space before the colon).
    pub fn no_project(project: &str) -> Error {
        Error::missing("ProjectNotExist", format!("The Project does not exist : {project}"))
    }

    /// A project that is not ready for changes (SLS error codes, ProjectForbidden; status assumed).
    pub fn forbidden(project: &str) -> Error {
        let message = format!("project {project} has been forbidden");
        Error::new(StatusCode::FORBIDDEN, "ProjectForbidden", message)
    }

    /// The logstore is not there.
    pub fn no_logstore(logstore: &str) -> Error {
        Error::missing("LogStoreNotExist", format!("logstore {logstore} does not exist"))
    }

    /// An API that this region or project does not have (SLS error codes, InvalidMethod).
    pub fn invalid_method(path: &str) -> Error {
        let message = format!("invalid request method : {path}");
        Error::new(StatusCode::METHOD_NOT_ALLOWED, "InvalidMethod", message)
    }

    /// Somebody else's project: refusals of permission are 401 in this service.
    pub fn denied(action: &str, region: &str, owner: &str, project: &str) -> Error {
        let resource = format!("acs:log:{region}:{owner}:project/{project}");
        let message = format!("denied by sts or ram, action: log:{action}, resource: {resource}");
        Error::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    /// The error code, for callers that decide on it.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The answer that carries this refusal.
    pub fn reply(&self) -> Reply {
        let body = json!({ "errorCode": self.code, "errorMessage": self.message });
        Reply::json(self.status, &body).with_error(self.code)
    }
}
