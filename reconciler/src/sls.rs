//! What the objects of a project of Simple Log Service share: front ends that learn of a new project one after another.

use alibaba::actiontrail::DescribeTrails;
use alibaba::retry::Policy;
use alibaba::{Arn, Error};

use crate::{Failure, Scope};

/// What ActionTrail puts before the name of a trail to name the logstore that it makes for it.
pub const STORE_OF_TRAIL: &str = "actiontrail_";

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
    look: F,
) -> Result<T, Failure>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    find(scope, project, passes, look, |_| async { Ok(()) }).await
}

/// The same for an object of a logstore. A logstore that is not there is waited for only if something is known that will make
/// it.
///
/// # Errors
/// Those of the look, [`Failure::NoContainer`], and [`Failure::NoLogstore`].
pub async fn find_in_logstore<T, F, Fut>(
    scope: &Scope,
    project: &str,
    logstore: &str,
    look: F,
) -> Result<T, Failure>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let is_coming = |refused| async move {
        if logstore_is_coming(scope, project, logstore).await {
            return Ok(());
        }
        Err(Failure::NoLogstore { logstore: format!("{project}:{logstore}"), refused })
    };
    find(scope, project, logstore_is_new_to_front_end, look, is_coming).await
}

/// Looks until the look is not refused any more, if what was refused is worth waiting for: a project that is new, or
/// what `is_coming` says of anything else.
async fn find<T, F, Fut, C, Coming>(
    scope: &Scope,
    project: &str,
    passes: fn(&Error) -> bool,
    mut look: F,
    is_coming: C,
) -> Result<T, Failure>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
    C: FnOnce(Error) -> Coming,
    Coming: Future<Output = Result<(), Failure>>,
{
    let refused = match look().await {
        Err(error) if passes(&error) => error,
        other => return Ok(other?),
    };
    if is_new_to_front_end(&refused) {
        project_is_listed(scope, project, refused).await?;
    } else {
        is_coming(refused).await?;
    }
    Ok(scope.client.retry(&Policy::NEW_OBJECT, passes, look).await?)
}

/// Whether a logstore that one call does not know is there or will be made: others find it, its project is new, or there is
/// a trail that delivers to it. What cannot be seen may be so.
async fn logstore_is_coming(scope: &Scope, project: &str, logstore: &str) -> bool {
    let found = scope.client.sls(&scope.region).get_logstore(project, logstore).await;
    let is_missing = matches!(found, Err(error) if error.is_code("LogStoreNotExist"));
    !is_missing || scope.client.has_created_project(project) || trail_makes(scope, project, logstore).await
}

/// Whether there is a trail that ActionTrail makes a logstore for, which it does within about a minute after the trail.
async fn trail_makes(scope: &Scope, project: &str, logstore: &str) -> bool {
    let Some(trail) = logstore.strip_prefix(STORE_OF_TRAIL) else { return false };
    if scope.client.has_created_trail(trail) {
        return true;
    }
    for include_organization_trail in [false, true] {
        let which = DescribeTrails { include_shadow_trails: true, include_organization_trail };
        let Ok(trails) = scope.client.actiontrail(&scope.region).describe_trails(which).await else {
            return true;
        };
        let delivers = |arn: &str| Arn::parse(arn).is_ok_and(|arn| arn.name_of("project") == Some(project));
        if trails
            .iter()
            .any(|found| found.name == trail && found.sls_project_arn.as_deref().is_some_and(delivers))
        {
            return true;
        }
    }
    false
}
