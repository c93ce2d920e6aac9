//! Creating what must not be created twice.

use alibaba::Error;
use alibaba::retry::Policy;

use crate::{Object, Phase};

/// How often a creation is tried whose answer does not say whether it was done.
const MOST_CREATIONS: usize = 4;

/// Creates the object, of which there was none a moment ago. When the answer is lost, or does not say whether it was done,
/// what is found now is what was asked for. When nothing is found, the call is made again.
pub(crate) async fn create_once<O: Object>(object: &O) -> Result<O::Settings, Error> {
    let client = &object.scope().client;
    let passes = |error: &Error| object.passes(Phase::Create, None, error);
    let mut unsure = None;
    let mut pauses = Policy::UNANSWERED;
    for _ in 0..MOST_CREATIONS {
        let (error, policy) = match client.retry(&O::NEW, passes, || object.create()).await {
            Ok(created) => return Ok(created),
            // By the call before.
            Err(error) if unsure.is_some() && error.is_already_exists() => (error, O::UNANSWERED),
            // Most of what gets no answer did not arrive, so it is called again after a short look. If it did arrive, the
            // service says that it exists, and is given the time that it may take to show it.
            Err(error) if error.may_have_been_applied() => {
                (error, O::UNANSWERED.no_longer_than(&Policy::LOST))
            }
            Err(error) => return Err(error),
        };
        let scope = object.scope().afterwards();
        let look = || object.find_unanswered(&scope);
        let what = format!("{}, whose creation was not answered,", object.label());
        if let Ok(found) = scope.client.wait(&policy, &what, look).await {
            return Ok(found);
        }
        if client.pause(&mut pauses).await.is_err() {
            return Err(error);
        }
        unsure = Some(error);
    }
    Err(unsure.unwrap_or_else(|| Error::Internal("nothing was tried".to_owned())))
}
