//! Waits for a new project, for resources that call the service themselves.

use std::time::Duration;

use alibaba::Error;
use plugin::Diagnostics;
use reconciler::{Failure, Scope};

use crate::fault::no_project;

/// How long a new project or logstore may be missing from some front ends, which refresh about once a minute.
pub(crate) const APPEARING: Duration = Duration::from_secs(120);

/// How long to look for an object whose creation was not answered.
pub(crate) const UNANSWERED: Duration = Duration::from_secs(20);

/// Fails at once if a project that was `refused` is not only new to the front end that did so.
pub(crate) async fn is_listed(
    scope: &Scope,
    doing: &str,
    project: &str,
    refused: Error,
) -> Result<(), Diagnostics> {
    match reconciler::sls::project_is_listed(scope, project, refused).await {
        Err(Failure::NoContainer(refused)) => Err(no_project(doing, project, scope, &refused)),
        _ => Ok(()),
    }
}
