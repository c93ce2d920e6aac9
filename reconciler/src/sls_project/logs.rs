//! Whether a project holds logs, which keep it from being deleted.
//!
//! The service deletes a project with everything in it. Every logstore counts: those that ActionTrail made or somebody
//! else, and the service's own (`internal-…`), which hold the history of alerts and the log of operations. One whose logs
//! cannot be looked for counts as one that holds some.

use alibaba::Error;
use alibaba::retry::Policy;
use futures_util::future::join_all;

use super::Project;
use crate::Failure;

/// How many logstores are looked at side by side.
const SIDE_BY_SIDE: usize = 8;

impl Project {
    /// Whether the project is there at all, without logs in it.
    pub(super) async fn is_there_without_logs(&self) -> Result<bool, Failure> {
        let Some(logstores) = self.logstores().await? else { return Ok(false) };
        let (mut full, mut unseen) = (Vec::new(), Vec::new());
        for some in logstores.chunks(SIDE_BY_SIDE) {
            let looks =
                some.iter().map(|logstore| async move { (logstore, self.holds_logs(logstore).await) });
            for (logstore, look) in join_all(looks).await {
                match look {
                    Ok(false) => {}
                    Ok(true) => full.push(logstore.clone()),
                    Err(error) if error.is_cancelled() => return Err(error.into()),
                    Err(error) => unseen.push((logstore.clone(), error)),
                }
            }
        }
        if full.is_empty() && unseen.is_empty() { Ok(true) } else { Err(Failure::HoldsLogs { full, unseen }) }
    }

    /// The logstores of the project; `None` when there is no project.
    async fn logstores(&self) -> Result<Option<Vec<String>>, Failure> {
        let sls = self.sls();
        let is_unknown = |error: &Error| error.is_code("ProjectNotExist");
        let list = || sls.list_logstores(&self.name, "");
        let listed = match list().await {
            // A front end that does not know a new project must not have it deleted unseen.
            Err(error) if is_unknown(&error) => match self.get(&self.scope).await? {
                None => return Ok(None),
                Some(_) => self.scope.client.retry(&Policy::NEW_OBJECT, is_unknown, list).await,
            },
            other => other,
        };
        match listed {
            Err(error) if error.is_denied() => Err(Failure::HiddenLogs(error)),
            other => Ok(Some(other?)),
        }
    }

    async fn holds_logs(&self, logstore: &str) -> Result<bool, Error> {
        let sls = self.sls();
        let is_unknown = |error: &Error| error.is_code("LogStoreNotExist");
        let look = || sls.holds_logs(&self.name, logstore);
        match look().await {
            // Deleted a moment ago and still listed, or made a moment ago and not known everywhere.
            Err(error) if is_unknown(&error) => match sls.get_logstore(&self.name, logstore).await {
                Err(gone) if is_unknown(&gone) => Ok(false),
                Err(other) => Err(other),
                Ok(_) => self.scope.client.retry(&Policy::NEW_OBJECT, is_unknown, look).await,
            },
            other => other,
        }
    }
}
