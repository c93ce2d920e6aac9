//! What goes wrong with a project in its own way.

use alibaba::Error;
use plugin::{Diagnostic, Diagnostics, Path};
use reconciler::failure::Operation;
use reconciler::sls_project::Project;
use reconciler::{Failure, Object, Problem};

use super::model::ProjectModel;

/// How many logstores a message names.
const NAMED: usize = 10;

pub(super) fn explain(object: &Project, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
    let label = object.label();
    let diagnostic = match &problem.failure {
        Failure::Taken(error) => taken(object, error),
        Failure::Hidden(error) => hidden(object, doing, error),
        Failure::HoldsLogs { full, unseen } => refusal(&label, full, unseen),
        Failure::HiddenLogs(error) => unlisted(&label, error),
        _ => return None,
    };
    Some(diagnostic.into())
}

/// The name is in use, though not by a project of this account in this region.
fn taken(object: &Project, error: &Error) -> Diagnostic {
    let (name, scope) = (object.name(), object.scope());
    Diagnostic::error(
        format!("The project name {name:?} is taken"),
        format!(
            "Project names are shared by all customers and all regions. There is a project of this name, but account {} \
             has none in {}: it belongs to somebody else, or is in another region, or has just been deleted. If it is \
             yours, set region on the resource to where it is and import it with the id \"{name}@<region>\"; otherwise \
             choose another name, such as {:?}.\n{error}",
            scope.account,
            scope.region,
            format!("{name}-{}", scope.account),
        ),
    )
    .at(Path::attribute("project_name"))
}

/// A refusal to say anything about a project that is to be made.
fn hidden(object: &Project, doing: Operation, error: &Error) -> Diagnostic {
    Diagnostic::error(
        format!("Could not {doing} {}", object.label()),
        format!(
            "Whether there is a project {:?} cannot be seen, so nothing was written. Either the name belongs to another \
             customer (names are shared by all): choose another one; or these credentials lack log:GetProject.\n{error}",
            object.name()
        ),
    )
    .at(Path::attribute("project_name"))
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
         logs are deleted with it.{recycled}"
    );
    Diagnostic::warning(format!("{} is deleted only if it holds no logs", prior.label()), detail)
        .at(Path::attribute("force_destroy"))
}

/// The ways out, in the order in which they should be thought of.
const WAYS_OUT: &str = "To keep the logs, take the project out of the configuration with a removed block (lifecycle { destroy \
     = false }). To delete them with the project, for good, set force_destroy = true on alitrail_sls_project, apply that, and \
     destroy again.";

fn refusal(label: &str, full: &[String], unseen: &[(String, Error)]) -> Diagnostic {
    let mut said = Vec::new();
    if !full.is_empty() {
        let stores = listed(full.iter());
        said.push(if full.len() == 1 {
            format!("The logstore {stores} holds logs.")
        } else {
            format!("The logstores {stores} hold logs.")
        });
    }
    if !unseen.is_empty() {
        let stores = listed(unseen.iter().map(|(logstore, _)| logstore));
        said.push(format!(
            "Whether logs are in {stores} cannot be seen, so that they count as holding some. (Looking takes \
             log:ListShards and log:GetCursorOrData.)"
        ));
    }
    let summary = if full.is_empty() {
        format!("{label} may hold logs and is not deleted")
    } else {
        format!("{label} holds logs and is not deleted")
    };
    let why = unseen.first().map(|(_, error)| format!("\n{error}")).unwrap_or_default();
    let detail = format!(
        "{} The service would delete them with the project, and force_destroy is false. {WAYS_OUT}{why}",
        said.join(" ")
    );
    Diagnostic::error(summary, detail).at(Path::attribute("force_destroy"))
}

/// The logstores themselves cannot be seen.
fn unlisted(label: &str, error: &Error) -> Diagnostic {
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
        let one = refusal("project \"audit\"", &["actiontrail_t".to_owned()], &[]);
        assert_eq!(one.summary, "project \"audit\" holds logs and is not deleted");
        assert_eq!(one.path, Path::attribute("force_destroy"));
        for part in
            ["The logstore \"actiontrail_t\" holds logs.", "set force_destroy = true", "removed block"]
        {
            assert!(one.detail.contains(part), "{part}: {}", one.detail);
        }
        let names: Vec<String> = (0..12).map(|number| format!("s{number}")).collect();
        let many = refusal("project \"audit\"", &names, &[]);
        assert!(many.detail.contains("\"s9\" and 2 more hold logs"), "{}", many.detail);
    }

    #[test]
    fn what_cannot_be_seen_counts_as_holding_logs() {
        let unseen = ("store".to_owned(), Error::Internal("no permission".to_owned()));
        let found = refusal("project \"audit\"", &[], &[unseen]);
        assert_eq!(found.summary, "project \"audit\" may hold logs and is not deleted");
        assert!(found.detail.contains("log:GetCursorOrData") && found.detail.ends_with("\nno permission"));
    }
}
