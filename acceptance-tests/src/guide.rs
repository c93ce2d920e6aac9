//! The guide for people who come from the alicloud provider: its configurations, to be applied, and the attributes that its
//! tables name, to be held against the schemas.

use std::collections::BTreeSet;

use plugin::Provider as _;
use plugin::schema::{Attribute, Kind};
use provider::Alitrail;

const GUIDE: &str = include_str!("../../docs/guides/coming-from-alicloud.md");

/// The part of the guide about one service.
#[derive(Debug, Clone, Copy)]
pub struct Section(&'static str);

impl Section {
    /// The part with this heading.
    pub fn of(heading: &str) -> Self {
        let begin = format!("\n## {heading}\n");
        let (_, rest) = GUIDE.split_once(&begin).unwrap_or_else(|| panic!("no section {heading}"));
        Self(rest.split_once("\n## ").map_or(rest, |(section, _)| section))
    }

    /// All its configurations as one, and how many there are.
    pub fn configuration(self) -> (String, usize) {
        let blocks = self.0.split("```terraform\n").skip(1).filter_map(|rest| rest.split("```").next());
        let blocks: Vec<&str> = blocks.collect();
        (blocks.join("\n"), blocks.len())
    }

    /// Fails unless its table names at least so many attributes, and each of them exists.
    pub fn assert_attributes_exist(self, at_least: usize) {
        let (resources, data) = (Alitrail::resources(), Alitrail::data_sources());
        let schemas = resources.iter().map(|resource| (resource.name(), resource.schema()));
        let schemas: Vec<_> =
            schemas.chain(data.iter().map(|source| (source.name(), source.schema()))).collect();
        let rows = self.0.lines().filter(|line| line.starts_with("| `") || line.starts_with("| data"));
        let cells = rows.filter_map(|line| line.split('|').nth(2));
        let named: BTreeSet<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        assert!(named.len() >= at_least, "{named:?}");
        for name in named {
            let mut path = name.split('.');
            let kind = path.next().unwrap_or_default();
            let (_, schema) =
                schemas.iter().find(|(name, _)| *name == kind).unwrap_or_else(|| panic!("no {kind}"));
            let path: Vec<&str> = path.collect();
            assert!(!path.is_empty() && has(&schema.attributes, &path), "{name} does not exist");
        }
    }
}

/// Whether these attributes have the path, through maps and lists of objects too.
fn has(attributes: &[Attribute], path: &[&str]) -> bool {
    let [name, rest @ ..] = path else { return true };
    let exists = |attribute: &&Attribute| attribute.name == *name && attribute.unsupported_name.is_none();
    attributes.iter().find(exists).is_some_and(|attribute| {
        rest.is_empty() || matches!(&attribute.kind, Kind::Nested(_, nested) if has(nested, rest))
    })
}
