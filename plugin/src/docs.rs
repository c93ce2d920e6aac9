//! Registry pages, written from the declarations: what the code says about an attribute is what users read.

use std::fmt::Write as _;

use crate::check;
use crate::schema::{Attribute, Identity, Kind, Mode, Nesting, Schema};
use crate::value::{Type, Value};

/// A page in the making: what it documents, and the examples to show.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Type name, or the provider's name for its own page.
    pub name: &'a str,
    /// `Resource`, `Data Source` or `Provider`.
    pub kind: &'a str,
    /// Short name of the provider.
    pub provider: &'a str,
    /// Schema.
    pub schema: &'a Schema,
    /// Example configuration.
    pub example: Option<&'a str>,
    /// `terraform import` command line.
    pub import_command: Option<&'a str>,
    /// `import` block with an identity.
    pub import_identity: Option<&'a str>,
}

impl Page<'_> {
    /// The page in Markdown.
    #[must_use]
    pub fn render(&self) -> String {
        let Self { name, kind, provider, schema, .. } = self;
        let description = schema.description;
        let title = if *kind == "Provider" {
            format!("{name} Provider")
        } else {
            format!("{name} {kind} - {provider}")
        };
        let heading = if *kind == "Provider" { title.clone() } else { format!("{name} ({kind})") };
        let mut page = format!(
            "---\npage_title: \"{title}\"\ndescription: |-\n  {description}\n---\n\n# {heading}\n\n{description}\n"
        );
        if let Some(example) = self.example {
            let _ = write!(page, "\n## Example Usage\n\n```terraform\n{}\n```\n", example.trim_end());
        }
        page.push_str("\n## Schema\n");
        let mut nested = Vec::new();
        sections(&schema.attributes, "", 3, &mut page, &mut nested);
        while !nested.is_empty() {
            for (path, attributes) in std::mem::take(&mut nested) {
                let _ = write!(page, "\n<a id=\"{}\"></a>\n### Nested Schema for `{path}`\n", anchor(&path));
                sections(attributes, &path, 4, &mut page, &mut nested);
            }
        }
        self.import(&mut page);
        page
    }

    fn import(&self, page: &mut String) {
        if self.import_command.is_none() && self.import_identity.is_none() {
            return;
        }
        page.push_str("\n## Import\n");
        if let Some(command) = self.import_command {
            let _ = write!(page, "\n```shell\n{}\n```\n", command.trim_end());
        }
        if let Some(block) = self.import_identity {
            page.push_str("\nFrom Terraform 1.12 on, an import block can name the object by its identity:\n");
            let _ = write!(page, "\n```terraform\n{}\n```\n\nIdentity:\n\n", block.trim_end());
            for (attribute, part) in crate::schema::identity_attributes(&self.schema.attributes) {
                let part = if part == Identity::Required { "Required" } else { "Optional" };
                let _ = writeln!(page, "- `{}` ({}, {part})", attribute.name, type_name(&attribute.kind));
            }
        }
    }
}

type Nested<'s> = Vec<(String, &'s [Attribute])>;
type Group = (&'static str, fn(&Attribute) -> bool);

fn sections<'s>(
    attributes: &'s [Attribute],
    path: &str,
    level: usize,
    page: &mut String,
    nested: &mut Nested<'s>,
) {
    let groups: [Group; 3] = [
        ("Required", |attribute| attribute.mode == Mode::Required),
        ("Optional", |attribute| !matches!(attribute.mode, Mode::Required | Mode::Computed)),
        ("Read-Only", |attribute| attribute.mode == Mode::Computed),
    ];
    for (title, belongs) in groups {
        let mut group: Vec<&Attribute> = attributes.iter().filter(|attribute| belongs(attribute)).collect();
        if group.is_empty() {
            continue;
        }
        group.sort_by_key(|attribute| attribute.name);
        let _ = write!(page, "\n{} {title}\n\n", "#".repeat(level));
        for attribute in group {
            let inner = if path.is_empty() {
                attribute.name.to_owned()
            } else {
                format!("{path}.{}", attribute.name)
            };
            line(attribute, &inner, page);
            if let Kind::Nested(_, attributes) = &attribute.kind {
                nested.push((inner, attributes));
            }
        }
    }
}

fn line(attribute: &Attribute, path: &str, page: &mut String) {
    let mut notes = type_name(&attribute.kind);
    if attribute.block {
        notes = notes.replace("Attributes", "Block");
    }
    if attribute.sensitive {
        notes.push_str(", Sensitive");
    }
    let mut text = attribute.description.replace('\n', " ");
    if !attribute.choices.is_empty() {
        let _ = write!(text, " One of {}.", check::list(attribute.choices).replace('"', "`"));
    }
    if let Mode::Default(value) = &attribute.mode {
        let _ = write!(text, " Default: `{}`.", literal(value));
    }
    if attribute.replace {
        text.push_str(" Cannot be changed on an existing object.");
    }
    if attribute.lasting {
        text.push_str(" Once set, it cannot be unset.");
    }
    if attribute.state_only {
        text.push_str(" Kept in the Terraform state only.");
    }
    if matches!(attribute.kind, Kind::Nested(..)) {
        let _ = write!(text, " (see [below for nested schema](#{}))", anchor(path));
    }
    let _ = writeln!(page, "- `{}` ({notes}) {text}", attribute.name);
}

fn anchor(path: &str) -> String {
    format!("nestedatt--{}", path.replace('.', "--"))
}

fn type_name(kind: &Kind) -> String {
    match kind {
        Kind::Nested(Nesting::Single, _) => "Attributes".to_owned(),
        Kind::Nested(Nesting::List, _) => "Attributes List".to_owned(),
        Kind::Nested(Nesting::Map, _) => "Attributes Map".to_owned(),
        Kind::Type(ty) => plain_type(ty),
    }
}

fn plain_type(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", plain_type(element)),
        Type::Set(element) => format!("Set of {}", plain_type(element)),
        Type::Map(element) => format!("Map of {}", plain_type(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(_) => "Object".to_owned(),
    }
}

/// A value as it is written in configuration.
fn literal(value: &Value) -> String {
    match value {
        Value::Null | Value::Unknown(_) => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Map(items) => {
            let items: Vec<_> =
                items.iter().map(|(key, item)| format!("{key} = {}", literal(item))).collect();
            format!("{{ {} }}", items.join(", "))
        }
        Value::Dynamic(inner) => literal(&inner.1),
    }
}
