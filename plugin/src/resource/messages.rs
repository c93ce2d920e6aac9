//! What the shared life cycle tells users.

use super::{Denial, DestructiveChange, Resource};
use crate::{Diagnostic, Diagnostics, Path};

/// Reports losses as what the provider block says they are.
pub(super) fn report(
    destructive_changes: Vec<DestructiveChange>,
    denies: Denial,
    diagnostics: &mut Diagnostics,
) {
    for DestructiveChange { path, summary, detail } in destructive_changes {
        let message = match denies {
            Some(why) => Diagnostic::error(summary, format!("{detail} {why}")),
            None => Diagnostic::warning(summary, detail),
        };
        diagnostics.push(message.at(path));
    }
}

pub(super) fn protected(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is protected against deletion"),
        "Its deletion_protection is true in the state. To delete it, set deletion_protection = false, apply that, and \
         only then destroy or replace it.",
    )
    .at(Path::attribute("deletion_protection"))
}

/// The object would be deleted at one address and created at another.
pub(super) fn renamed(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is at two addresses, and deleted at one"),
        "This plan deletes it at one address and creates it at another. It is the same object, and one with \
         contents to lose is never deleted to be made again under the same name. If the resource was renamed, or has another key \
         in for_each or count, add a moved block from the old address to the new one; otherwise give the new object \
         another name.",
    )
}

/// The object is at two addresses, and both stay.
pub(super) fn twice<R: Resource>(label: &str) -> Diagnostics {
    if R::IS_SHARED {
        return Diagnostics::new();
    }
    Diagnostic::error(
        format!("{label} is managed twice"),
        format!(
            "Another resource of type {} in this configuration is for the same object, so each apply of one would undo \
             the other. Put all of it into one resource and remove this one. If this one replaced the other at a new \
             address, add a moved block; to take one out of the state without deleting the object, use a removed block \
             (lifecycle {{ destroy = false }}).",
            R::TYPE
        ),
    )
    .into()
}

/// The object is kept here, after it was planned to be deleted elsewhere.
pub(super) fn kept_and_deleted(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is at two addresses, and deleted at one"),
        "The state has the same object at two addresses. This plan keeps it here and deletes it at the other address, \
         where Terraform planned first. To keep it, take the other address out of the state without deleting the object: \
         with a removed block (lifecycle { destroy = false }) or with terraform state rm, and plan again.",
    )
}

/// The deletion of an object that another place of the state keeps.
pub(super) fn forgotten(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} is forgotten, not deleted"),
        "As of the last refresh, the state has the same object in another place too, where it stays managed: at another \
         address, or as the successor of this one after a replacement with create_before_destroy. So this place only lets \
         go of it, and nothing in the cloud is deleted.",
    )
}

/// A deletion of which the apply could not be told that it must not delete.
pub(super) fn unclear(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is in the state twice, and deleted once"),
        "The state has the same object in two places, and this plan would delete it in the older one, at which Terraform \
         looked first. Plan again, with refresh (without -refresh=false): the older place is then forgotten, and nothing in \
         the cloud is deleted.",
    )
}

/// A plan that cannot show whether the object is replaced by another one.
pub(super) fn unknown_key(label: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(
        format!("{path} of {label} is not known yet"),
        format!(
            "{path} depends on something that is only known after apply, such as an attribute of a resource that changes, \
             or anything in a module with depends_on. So the plan cannot show whether {label} stays or is deleted and \
             another object created, and nothing is deleted on such a plan. Give {path} a value that is known when \
             planning, such as a literal or a variable, or apply what it depends on first (terraform apply \
             -target=ADDRESS) and plan again."
        ),
    )
    .at(path.clone())
}

/// The delete call of a replacement whose plan could not see which object goes: Terraform plans a tainted object as if it
/// were new.
pub(super) fn replacement_unknown(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is not deleted"),
        "It was to be replaced by another object, but the plan could not show what is lost with it, because it is tainted or \
         because the name of the other object was not known. Nothing was deleted. Run\n\n  terraform untaint ADDRESS\n\nwith \
         the address of this resource, if it is tainted, and apply again.",
    )
}

/// A replacement by an object that the first planning call was not shown, because of ignore_changes.
pub(super) fn replaced_by_another(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} would be replaced by another object"),
        "The configuration names another object, which ignore_changes hides from the plan, but not from a replacement. \
         Leave out -replace (and replace_triggered_by), or take the name out of ignore_changes so that the plan can show \
         what is lost.",
    )
}

/// An imported object that the configuration names differently.
pub(super) fn imported_as_another(label: &str, path: &Path) -> Diagnostic {
    Diagnostic::error(
        format!("{label} was imported, but the configuration describes another object"),
        format!(
            "{path} of the imported object differs from {path} in the configuration, and only a new object can have \
             another one: Terraform would delete what was just imported. Correct {path} in the configuration, or import \
             the object that the configuration describes. To let go of the imported object without deleting it, use a \
             removed block (lifecycle {{ destroy = false }}) or terraform state rm. If it is meant to be deleted, apply \
             any other change of it first, or destroy it."
        ),
    )
    .at(path.clone())
}

/// A destroy of an object whose protection is not in the state yet.
pub(super) fn imported_unprotected(label: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} was imported and has not been applied since"),
        "A deletion_protection that is only in the configuration does not hold yet: it takes effect with the first apply \
         after the import. This plan deletes the object. If it is to be protected, apply first.",
    )
    .at(Path::attribute("deletion_protection"))
}

pub(super) fn unchangeable(label: &str, paths: &[Path]) -> Diagnostics {
    let message = |path: &Path| {
        Diagnostic::error(
            format!("{path} of {label} cannot be changed"),
            format!(
                "The service can set {path} only when the object is created, and an object with contents to lose is \
                 never deleted to be made again under the same name. Put {path} back to what it was. To have it \
                 changed all the same takes two steps: declare a second resource with another name and the new {path}, \
                 and apply; when it does its work, remove this one and apply again."
            ),
        )
        .at(path.clone())
    };
    paths.iter().map(message).collect::<Vec<_>>().into()
}

pub(super) fn lasting(label: &str, paths: &[Path]) -> Diagnostics {
    let message = |path: &Path| {
        Diagnostic::error(
            format!("{path} of {label} cannot be unset"),
            format!(
                "It has a value, and the service can change that value but not take it back. Set {path} in the \
                 configuration, to what the state has if nothing is to change. An object with contents to lose is never \
                 deleted to be made again without it."
            ),
        )
        .at(path.clone())
    };
    paths.iter().map(message).collect::<Vec<_>>().into()
}

/// What to do after a create that failed when part of it was done.
pub(super) fn half_created(label: &str) -> String {
    format!(
        "\n\n{label} was created in part, and is in the state as tainted. Apply again to complete it: it is changed in \
         place, and nothing is deleted, although Terraform calls it a replacement."
    )
}

pub(super) fn not_as_sent(attribute: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The service holds another {attribute} than was sent"),
        format!(
            "After the change, reading the object back gives another value for {attribute}. The state holds what the \
             service says. Somebody else may have changed the object at the same moment: plan again to see the \
             difference, and apply to correct it."
        ),
    )
    .at(Path::attribute(attribute))
}
