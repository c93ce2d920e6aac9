//! How deep the attribute path of a diagnostic may go, so that the client shows the diagnostic beside the line it is
//! about.
//!
//! Every client finds an attribute of a resource and of a block in it, and an element of its value. Terraform before 1.17,
//! and OpenTofu, find nothing deeper: given such a path, they point at the first line of the resource, which is worse than
//! the line of the attribute or element. Terraform 1.17 points at the very line (measured with 1.6.6, 1.11.4, 1.15.5 and an
//! alpha of 1.17). The text of a diagnostic names the whole path in any case.

use std::collections::BTreeSet;

use proto::tfplugin6::{AttributePath, Diagnostic, attribute_path::step::Selector};

use crate::schema::Schema;

/// The first version of Terraform that finds a line inside of an attribute's value.
const DEEP_SINCE: (u64, u64) = (1, 17);

/// Whether the client of this version finds what is inside of an attribute's value. OpenTofu sends its own version by the
/// same name, and nothing else that tells it apart; all its releases so far are below 1.17. An unreadable version counts as
/// an old one.
pub(crate) fn is_deep(terraform_version: &str) -> bool {
    // A pre-release of a version has its features.
    let mut parts = terraform_version.split(['.', '-', '+']).map(|part| part.parse::<u64>().ok());
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) >= DEEP_SINCE,
        _ => false,
    }
}

/// The names of the blocks of some schemas: clients find the attributes in them.
pub(crate) fn blocks<'s>(schemas: impl Iterator<Item = &'s Schema>) -> BTreeSet<&'static str> {
    schemas.flat_map(|schema| &schema.attributes).filter(|one| one.block).map(|one| one.name).collect()
}

/// Cuts the path of a diagnostic to what clients of every version find: an attribute of the resource or of a block in it,
/// and one element of its value.
pub(crate) fn shorten(diagnostic: &mut Diagnostic, blocks: &BTreeSet<&'static str>) {
    let Some(AttributePath { steps }) = &mut diagnostic.attribute else { return };
    let is_block = steps
        .first()
        .and_then(|step| step.selector.as_ref())
        .is_some_and(|step| matches!(step, Selector::AttributeName(name) if blocks.contains(name.as_str())));
    let is_element_at = |at: usize| {
        let selector = steps.get(at).and_then(|step| step.selector.as_ref());
        selector
            .is_some_and(|step| matches!(step, Selector::ElementKeyString(_) | Selector::ElementKeyInt(_)))
    };
    let attribute = match is_block {
        // One of several blocks of this name.
        true if is_element_at(1) => 3,
        true => 2,
        false => 1,
    };
    let is_element = is_element_at(attribute);
    steps.truncate(if is_element { attribute + 1 } else { attribute });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Diagnostic as Message, Path, Step};

    #[test]
    fn the_version_tells_whether_a_deep_path_is_found() {
        for (version, deep) in [
            ("1.6.6", false),
            ("1.11.4", false),
            ("1.12.0", false),
            ("1.15.5", false),
            ("1.16.9", false),
            ("1.17.0-alpha20260805", true),
            ("1.17.0-dev", true),
            ("1.17.0", true),
            ("1.20.1", true),
            ("2.0.0", true),
            ("1", false),
            ("", false),
            ("unknown", false),
        ] {
            assert_eq!(is_deep(version), deep, "{version:?}");
        }
    }

    #[test]
    fn a_path_is_cut_to_an_attribute_of_the_resource_or_of_a_block_and_an_element_of_it() {
        let blocks = BTreeSet::from(["endpoints", "roles", "timeouts"]);
        let shortened = |path: Path| {
            let mut wire = Message::error("Wrong", "It is wrong.").at(path).to_proto();
            shorten(&mut wire, &blocks);
            let steps = wire.attribute.map(|path| path.steps).unwrap_or_default();
            steps.into_iter().map(|step| step.selector.unwrap()).collect::<Vec<_>>()
        };
        let name = |name: &str| Selector::AttributeName(name.into());
        assert_eq!(shortened(Path::root()), []);
        assert_eq!(shortened(Path::attribute("acl")), [name("acl")]);
        let query = Path::attribute("configuration").child("query_list").then(Step::Index(0)).child("query");
        assert_eq!(shortened(query), [name("configuration")]);
        let rule = Path::attribute("rules").key("a");
        let element = [name("rules"), Selector::ElementKeyString("a".into())];
        assert_eq!(shortened(rule.clone()), element);
        assert_eq!(shortened(rule.child("expiration").child("days")), element);
        let second = Path::attribute("queries").then(Step::Index(1)).child("query");
        assert_eq!(shortened(second), [name("queries"), Selector::ElementKeyInt(1)]);
        let host = Path::attribute("endpoints").child("sls");
        assert_eq!(shortened(host), [name("endpoints"), name("sls")]);
        let second = Path::attribute("roles").then(Step::Index(1)).child("arn");
        assert_eq!(shortened(second), [name("roles"), Selector::ElementKeyInt(1), name("arn")]);
        assert_eq!(shortened(Path::attribute("timeouts")), [name("timeouts")]);
    }
}
