//! Service logging: which logs about a project go to which logstore of another project.

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::request::{Answer, Request, answer, done};

/// Where the service's logs about a project go. The target is not validated by the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logging {
    /// The project that gets the logs.
    pub logging_project: String,
    /// What goes where in it.
    #[serde(default)]
    pub logging_details: Vec<LoggingDetail>,
}

/// One kind of log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggingDetail {
    /// Kind of log.
    pub r#type: String,
    /// The logstore that gets it.
    pub logstore: String,
}

/// The kinds there are (SLS API reference, CreateLogging).
const TYPES: [&str; 8] = [
    "operation_log",
    "consumergroup_log",
    "logtail_alarm",
    "logtail_profile",
    "logtail_status",
    "metering",
    "scheduledsqlalert",
    "etl_alert",
];

fn checked(request: &Request<'_>) -> Result<Logging, Error> {
    let logging: Logging = request.json()?;
    match logging.logging_details.iter().find(|detail| !TYPES.contains(&detail.r#type.as_str())) {
        Some(detail) => Err(Error::parameter(format!("Invalid type '{}'", detail.r#type))),
        None => Ok(logging),
    }
}

fn missing(project: &str) -> Error {
    Error::missing("LoggingNotExist", format!("Logging does not exist for project '{project}'"))
}

/// CreateLogging (SLS API reference; statuses of its errors assumed).
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let (logging, name) = (checked(request)?, request.project);
    let project = request.project()?;
    if project.logging.is_some() {
        let message = format!("Logging already exists for project '{name}'");
        return Err(Error::bad("LoggingAlreadyExist", message));
    }
    project.logging = Some(logging);
    done()
}

/// GetLogging.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let name = request.project;
    answer(request.project()?.logging.as_ref().ok_or_else(|| missing(name))?)
}

/// UpdateLogging: replaces it.
pub(super) fn update(request: &mut Request<'_>) -> Answer {
    let (logging, name) = (checked(request)?, request.project);
    *request.project()?.logging.as_mut().ok_or_else(|| missing(name))? = logging;
    done()
}

/// DeleteLogging.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    let name = request.project;
    request.project()?.logging.take().ok_or_else(|| missing(name))?;
    done()
}
