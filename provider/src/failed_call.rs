//! Errors of calls, as users see them.

use alibaba::Error;
use plugin::{Diagnostic, Diagnostics, Path, Severity};
use reconciler::Scope;

use crate::advice::notified;

/// The error of an operation such as `create trail "audit"`, in the words of the call that failed.
pub fn failed_call(doing: impl AsRef<str>, error: &Error) -> Diagnostics {
    let mut detail = notified(error);
    if error.is_cancelled() {
        detail.push_str("\nTerraform was interrupted.");
    }
    Diagnostic::error(format!("Could not {}", doing.as_ref()), detail).into()
}

/// The same, about one attribute.
pub fn failed_call_at(doing: impl AsRef<str>, error: &Error, attribute: &str) -> Diagnostics {
    let mut diagnostics = failed_call(doing, error);
    for diagnostic in &mut diagnostics.0 {
        diagnostic.path = Path::attribute(attribute);
    }
    diagnostics
}

/// The same errors, which say where they were met: one provider serves many accounts and regions.
pub fn named(mut diagnostics: Diagnostics, scope: &Scope) -> Diagnostics {
    let place = match scope.region.as_str() {
        "" => format!("Account: {}.", scope.account),
        region => format!("Account: {}, region: {region}.", scope.account),
    };
    for diagnostic in diagnostics.0.iter_mut().filter(|one| one.severity == Severity::Error) {
        diagnostic.detail.push('\n');
        diagnostic.detail.push_str(&place);
    }
    diagnostics
}

/// The project of an object is not there: `doing` is what failed, such as `create logstore "events"`.
pub fn no_project(doing: impl AsRef<str>, project: &str, scope: &Scope, refused: &Error) -> Diagnostics {
    Diagnostic::error(
        format!("Could not {}", doing.as_ref()),
        format!(
            "There is no project {project:?} of account {} in {}. Check project_name and region; if the project is in this \
             configuration, refer to it (alitrail_sls_project.NAME.project_name), so that it is made first.\n{refused}",
            scope.account, scope.region
        ),
    )
    .at(Path::attribute("project_name"))
    .into()
}

/// The logstore of an object is not there, and nothing is known that will make it.
pub fn no_logstore(doing: impl AsRef<str>, logstore: &str, scope: &Scope, refused: &Error) -> Diagnostics {
    Diagnostic::error(
        format!("Could not {}", doing.as_ref()),
        format!(
            "There is no logstore {logstore:?} of account {} in {}. Check project_name, logstore_name and region; if the \
             logstore is in this configuration, refer to it (alitrail_sls_logstore.NAME.logstore_name), so that it is made \
             first. A logstore actiontrail_<trail name> is made by ActionTrail once there is a trail of that name which \
             delivers to the project: let this resource depend on the trail (depends_on = [alitrail_trail.NAME]).\n{refused}",
            scope.account, scope.region
        ),
    )
    .at(Path::attribute("logstore_name"))
    .into()
}

/// An object with this name exists already: the error shows how to take it over. Nothing tells the create call of a
/// replacement with `create_before_destroy` from that of a new resource, so the message has the way out of both.
pub fn exists(label: &str, resource: &str, import_id: &str) -> Diagnostics {
    Diagnostic::error(
        format!("{label} exists already"),
        format!(
            "This apply did not change it. If the plan replaces this resource (because it is tainted, or because of \
             -replace), it is the resource's own object, and create_before_destroy is set. Leave out -replace, or run\n\n  \
             terraform untaint ADDRESS\n\nand apply again: it is changed in place. If the plan replaces an object of another \
             name, an apply that was killed had made this one: delete it, and apply again.\n\nIf the plan creates this \
             resource, the object was made elsewhere, or by an apply that was killed before its state was saved. Choose another \
             name, or add this block beside the resource and apply again:\n\n  import {{\n    to = {resource}.NAME\n    \
             id = \"{import_id}\"\n  }}\n\nADDRESS and {resource}.NAME stand for the address of this resource."
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exists_can_be_imported_or_untainted() {
        let found = exists("trail \"audit\"", "alitrail_trail", "audit@cn-beijing");
        assert_eq!(found.0[0].summary, "trail \"audit\" exists already");
        for part in ["to = alitrail_trail.NAME\n    id = \"audit@cn-beijing\"\n", "terraform untaint"] {
            assert!(found.0[0].detail.contains(part), "{}", found.0[0].detail);
        }
    }
}
