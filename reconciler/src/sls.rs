//! What the objects of a project of Simple Log Service share: front ends that learn of a new project one after another.

use alibaba::Error;
use alibaba::retry::Policy;

use crate::{Failure, Scope};

/// Whether a refusal passes once all front ends know a new project.
#[must_use]
pub fn is_new_to_front_end(error: &Error) -> bool {
    error.is_code("ProjectNotExist") || error.is_not_yet_visible()
}

/// Whether a refusal passes once all front ends know a new project and a new logstore in it.
#[must_use]
pub fn logstore_is_new_to_front_end(error: &Error) -> bool {
    is_new_to_front_end(error) || error.is_code("LogStoreNotExist")
}

/// Fails at once if a project that was `refused` is not only new to the front end that did so.
///
/// # Errors
/// [`Failure::NoContainer`] when the region does not list the project. One that cannot be listed may be there.
pub async fn project_is_listed(scope: &Scope, project: &str, refused: Error) -> Result<(), Failure> {
    match scope.client.sls(&scope.region).list_projects(project).await {
        Ok(projects) if projects.iter().all(|found| found.project_name != project) => {
            Err(Failure::NoContainer { project: project.to_owned(), refused })
        }
        _ => Ok(()),
    }
}

/// Looks for an object of a project before it is created, with the call that a creation would collide with. Refusals for
/// which `passes` holds are waited out, unless there is no such project.
///
/// # Errors
/// Those of the look, and [`Failure::NoContainer`].
pub async fn find_in_project<T, F, Fut>(
    scope: &Scope,
    project: &str,
    passes: fn(&Error) -> bool,
    mut look: F,
) -> Result<T, Failure>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let refused = match look().await {
        Err(error) if passes(&error) => error,
        other => return Ok(other?),
    };
    if is_new_to_front_end(&refused) {
        project_is_listed(scope, project, refused).await?;
    }
    Ok(scope.client.retry(&Policy::NEW_OBJECT, passes, look).await?)
}
