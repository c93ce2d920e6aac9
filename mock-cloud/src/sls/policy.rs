//! Project policies, kept as text. Whom they let in is decided before a call comes here, in `permissions`.

use http::StatusCode;
use serde_json::Value;

use super::error::Error;
use super::request::{Answer, Request, done};
use super::switches;
use crate::http::Reply;

fn served(request: &Request<'_>) -> Result<(), Error> {
    if request.cloud.switches.on(&switches::PROJECT_POLICY) {
        return Ok(());
    }
    Err(Error::invalid_method(&request.call.path))
}

/// PutProjectPolicy: the raw text is the body (SLS API reference).
pub(super) fn put(request: &mut Request<'_>) -> Answer {
    served(request)?;
    let text = std::str::from_utf8(&request.call.body).unwrap_or("");
    let policy: Option<Value> = serde_json::from_str(text).ok();
    let valid = policy.as_ref().is_some_and(|policy| {
        policy.get("Version").and_then(Value::as_str) == Some("1")
            && policy.get("Statement").is_some_and(Value::is_array)
    });
    if !valid {
        return Err(Error::parameter("The project policy is invalid."));
    }
    request.project()?.policy = Some(text.to_owned());
    done()
}

/// GetProjectPolicy.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    served(request)?;
    let unset = if request.cloud.switches.is(&switches::EMPTY_POLICY, "object") { "{}" } else { "" };
    let text = request.project()?.policy.clone().unwrap_or_else(|| unset.to_owned());
    Ok(Reply::new(StatusCode::OK, "application/json", text))
}

/// DeleteProjectPolicy: also succeeds without a policy.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    served(request)?;
    request.project()?.policy = None;
    done()
}
