//! Whether a project holds logs, which keep it from being deleted.
//!
//! The service deletes a project with everything in it. Every logstore counts: those of the configuration, those that
//! ActionTrail made or somebody else, and the service's own (`internal-…`), which hold the history of alerts and the log
//! of operations. One whose logs cannot be looked for counts as one that holds some.

use alibaba::Error;
use futures_util::future::join_all;
use plugin::{Diagnostic, Diagnostics, Path};

use super::calls::{APPEARING, Projects};
use super::model::ProjectModel;
use crate::fault::fault;
use crate::patience::patiently;

/// How many logstores are looked at side by side.
const SIDE_BY_SIDE: usize = 8;

/// How many logstores a message names.
const NAMED: usize = 10;

/// What keeps a project from being deleted.
#[derive(Debug, Default)]
struct Found {
    /// Logstores that hold logs.
    full: Vec<String>,
    /// Logstores of which that cannot be seen, and why.
    hidden: Vec<(String, Error)>,
}

impl Projects<'_> {
    /// Whether the project is there at all, without logs in it.
    ///
    /// # Errors
    /// When a logstore holds logs, or may hold some.
    pub(super) async fn is_there_without_logs(&self, doing: &str) -> Result<bool, Diagnostics> {
        let Some(logstores) = self.logstores(doing).await? else { return Ok(false) };
        let mut found = Found::default();
        for some in logstores.chunks(SIDE_BY_SIDE) {
            let looks =
                some.iter().map(|logstore| async move { (logstore, self.holds_logs(logstore).await) });
            for (logstore, look) in join_all(looks).await {
                match look {
                    Ok(false) => {}
                    Ok(true) => found.full.push(logstore.clone()),
                    Err(error) if error.is_cancelled() => return Err(fault(doing, &error)),
                    Err(error) => found.hidden.push((logstore.clone(), error)),
                }
            }
        }
        match refusal(&self.model.label(), &found) {
            Some(refused) => Err(refused.into()),
            None => Ok(true),
        }
    }

    /// The logstores of the project; `None` when there is no project.
    async fn logstores(&self, doing: &str) -> Result<Option<Vec<String>>, Diagnostics> {
        let (sls, name) = (self.sls(), self.model.name());
        let is_unknown = |error: &Error| error.is_code("ProjectNotExist");
        let listed = match sls.list_logstores(name, "").await {
            // A front end that does not know a new project must not have it deleted unseen.
            Err(error) if is_unknown(&error) => match self.find_with(&sls).await {
                Ok(None) => return Ok(None),
                Ok(Some(_)) => {
                    patiently(self.cx, APPEARING, is_unknown, || sls.list_logstores(name, "")).await
                }
                Err(error) => Err(error),
            },
            other => other,
        };
        listed.map(Some).map_err(|error| {
            if error.is_denied() { unseen(&self.model.label(), &error).into() } else { fault(doing, &error) }
        })
    }

    async fn holds_logs(&self, logstore: &str) -> Result<bool, Error> {
        let (sls, name) = (self.sls(), self.model.name());
        let is_unknown = |error: &Error| error.is_code("LogStoreNotExist");
        match sls.holds_logs(name, logstore).await {
            // Deleted a moment ago and still listed, or made a moment ago and not known everywhere.
            Err(error) if is_unknown(&error) => match sls.get_logstore(name, logstore).await {
                Err(gone) if is_unknown(&gone) => Ok(false),
                Err(other) => Err(other),
                Ok(_) => patiently(self.cx, APPEARING, is_unknown, || sls.holds_logs(name, logstore)).await,
            },
            other => other,
        }
    }
}

/// What a plan says that destroys a project and may find that it holds logs.
pub(super) fn foretold(prior: &ProjectModel) -> Diagnostic {
    let recycled = if prior.recycles() {
        " Its recycle_bin_enabled is true: the project is not destroyed at once but stays in the recycle bin for a time, where \
         it is still billed, and its name stays taken."
    } else {
        ""
    };
    let detail = format!(
        "Its force_destroy is false. If one of its logstores holds logs when its turn comes, the project stays with them, and \
         the destroy ends with an error after what depends on the project, such as a trail, is gone already. To keep the \
         logs, take the project out of the configuration with a removed block (lifecycle {{ destroy = false }}); to delete \
         them, set force_destroy = true, apply that, and then destroy. Indexes, alerts and dashboards of a project without \
         logs are deleted with it.{recycled}",
    );
    Diagnostic::warning(format!("{} is deleted only if it holds no logs", prior.label()), detail)
        .at(Path::attribute("force_destroy"))
}

/// The ways out, in the order in which they should be thought of.
const WAYS_OUT: &str = "To keep the logs, take the project out of the configuration with a removed block (lifecycle { destroy \
     = false }). To delete them with the project, for good, set force_destroy = true on alitrail_sls_project, apply that, and \
     destroy again.";

fn refusal(label: &str, found: &Found) -> Option<Diagnostic> {
    let mut said = Vec::new();
    if !found.full.is_empty() {
        let stores = listed(found.full.iter());
        said.push(if found.full.len() == 1 {
            format!("The logstore {stores} holds logs.")
        } else {
            format!("The logstores {stores} hold logs.")
        });
    }
    if !found.hidden.is_empty() {
        let stores = listed(found.hidden.iter().map(|(logstore, _)| logstore));
        said.push(format!(
            "Whether logs are in {stores} cannot be seen, so that they count as holding some. (Looking takes \
             log:ListShards and log:GetCursorOrData.)"
        ));
    }
    if said.is_empty() {
        return None;
    }
    let summary = if found.full.is_empty() {
        format!("{label} may hold logs and is not deleted")
    } else {
        format!("{label} holds logs and is not deleted")
    };
    let why = found.hidden.first().map(|(_, error)| format!("\n{error}")).unwrap_or_default();
    let detail = format!(
        "{} The service would delete them with the project, and force_destroy is false. {WAYS_OUT}{why}",
        said.join(" ")
    );
    Some(Diagnostic::error(summary, detail).at(Path::attribute("force_destroy")))
}

/// The logstores themselves cannot be seen.
fn unseen(label: &str, error: &Error) -> Diagnostic {
    Diagnostic::error(
        format!("{label} may hold logs and is not deleted"),
        format!(
            "Its logstores cannot be listed (log:ListLogStores), so that it counts as holding logs. The service would delete \
             them with the project, and force_destroy is false. {WAYS_OUT}\n{error}"
        ),
    )
    .at(Path::attribute("force_destroy"))
}

fn listed<'n>(names: impl ExactSizeIterator<Item = &'n String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut list = names.take(NAMED).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    if more > 0 {
        list.push_str(&format!(" and {more} more"));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_what_holds_logs_and_the_way_out() {
        let full = |names: &[&str]| Found {
            full: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Found::default()
        };
        assert_eq!(refusal("project \"audit\"", &full(&[])), None);
        let one = refusal("project \"audit\"", &full(&["actiontrail_t"])).unwrap();
        assert_eq!(one.summary, "project \"audit\" holds logs and is not deleted");
        assert_eq!(one.path, Path::attribute("force_destroy"));
        for part in
            ["The logstore \"actiontrail_t\" holds logs.", "set force_destroy = true", "removed block"]
        {
            assert!(one.detail.contains(part), "{part}: {}", one.detail);
        }
        let names: Vec<String> = (0..12).map(|number| format!("s{number}")).collect();
        let many = refusal("project \"audit\"", &Found { full: names, ..Found::default() }).unwrap();
        assert!(many.detail.contains("\"s9\" and 2 more hold logs"), "{}", many.detail);
    }

    #[test]
    fn what_cannot_be_seen_counts_as_holding_logs() {
        let hidden = vec![("store".to_owned(), Error::Internal("no permission".to_owned()))];
        let found = refusal("project \"audit\"", &Found { hidden, ..Found::default() }).unwrap();
        assert_eq!(found.summary, "project \"audit\" may hold logs and is not deleted");
        assert!(found.detail.contains("log:GetCursorOrData") && found.detail.ends_with("\nno permission"));
    }
}
