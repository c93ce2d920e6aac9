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
        page.push_str(&unknown_keys_box(&schema.attributes));
        let mut nested = Vec::new();
        sections(&schema.attributes, "", 3, &mut page, &mut nested);
        while !nested.is_empty() {
            for (path, attributes) in std::mem::take(&mut nested) {
                let _ = write!(page, "\n<a id=\"{}\"></a>\n### Nested Schema for `{path}`\n", anchor(&path));
                sections(attributes, &path, 4, &mut page, &mut nested);
                page.push_str(&unsupported_names(attributes));
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
            let mut parts: Vec<_> = crate::schema::identity_attributes(&self.schema.attributes).collect();
            parts.sort_by_key(|(_, part)| *part != Identity::Required);
            for (attribute, part) in parts {
                let part = if part == Identity::Required { "Required" } else { "Optional" };
                let _ = writeln!(page, "- `{}` ({}, {part})", attribute.name, type_name(&attribute.kind));
            }
        }
    }
}

/// What users have to know of nested attributes, where there are any that they set.
fn unknown_keys_box(attributes: &[Attribute]) -> String {
    let mut paths = Vec::new();
    settable_objects(attributes, "", &mut paths);
    if paths.is_empty() {
        return String::new();
    }
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    format!(
        "\n~> **Terraform ignores unknown keys inside of `{{ … }}`.** In {}, it drops a key that is not listed on this page, \
         without an error and before the provider sees it. So a mistyped key changes nothing, and what it should have set \
         keeps its default. Look in the plan for every key that you wrote there. Names that people bring from elsewhere \
         are errors here that say what to write instead; they are listed below.\n",
        paths.join(", ")
    )
}

/// The attributes whose values are objects that users write: in a block, an unknown key is an error of Terraform's.
fn settable_objects(attributes: &[Attribute], above: &str, found: &mut Vec<String>) {
    for attribute in
        attributes.iter().filter(|attribute| !attribute.block && attribute.mode != Mode::Computed)
    {
        let Kind::Nested(_, inner) = &attribute.kind else { continue };
        let path =
            if above.is_empty() { attribute.name.to_owned() } else { format!("{above}.{}", attribute.name) };
        found.push(path.clone());
        settable_objects(inner, &path, found);
    }
}

/// The names that do not exist, and what to use instead.
fn unsupported_names(attributes: &[Attribute]) -> String {
    let mut by_text: Vec<(&str, Vec<String>)> = Vec::new();
    for attribute in attributes {
        let Some(instead) = attribute.unsupported_name else { continue };
        let name = format!("`{}`", attribute.name);
        match by_text.iter_mut().find(|(text, _)| *text == instead) {
            Some((_, names)) => names.push(name),
            None => by_text.push((instead, vec![name])),
        }
    }
    if by_text.is_empty() {
        return String::new();
    }
    let mut text =
        "\n#### Errors\n\nThese names do not exist here, and using one of them is an error:\n\n".to_owned();
    for (instead, names) in by_text {
        let _ = writeln!(text, "- {}: {instead}", names.join(", "));
    }
    text
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
        let mut group: Vec<&Attribute> = attributes
            .iter()
            .filter(|attribute| attribute.unsupported_name.is_none() && belongs(attribute))
            .collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attr, Model};

    #[derive(Debug, Clone, Default, Model)]
    struct House {
        /// Door.
        #[attr(optional)]
        door: Attr<Door>,
        /// Bell.
        #[attr(block)]
        bell: Attr<Bell>,
        /// Roof.
        #[attr(computed)]
        roof: Attr<Bell>,
        /// Window, one or more.
        #[attr(block)]
        window: Attr<Vec<Bell>>,
    }

    #[derive(Debug, Clone, Default, Model)]
    #[model(unsupported_names(shut, shape: object = "Write `open = false`."))]
    struct Door {
        /// Whether it is open.
        #[attr(default = true)]
        open: Attr<bool>,
    }

    #[derive(Debug, Clone, Default, Model)]
    struct Bell {
        /// Tone.
        #[attr(optional)]
        tone: Attr<String>,
    }

    fn page(attributes: Vec<Attribute>) -> String {
        let schema = Schema::new(0, "A house.", attributes);
        let page = Page {
            name: "house",
            kind: "Resource",
            provider: "houses",
            schema: &schema,
            example: None,
            import_command: None,
            import_identity: None,
        };
        page.render()
    }

    #[test]
    fn a_page_with_objects_that_users_write_warns_of_unknown_keys() {
        let text = page(House::attributes());
        let warned = text.lines().find(|line| line.starts_with("~> ")).expect("a box");
        assert!(
            warned.contains("In `door`, it drops"),
            "neither blocks nor what only the provider sets: {warned}"
        );
        assert!(!page(Bell::attributes()).contains("~>"));
    }

    #[test]
    fn a_block_that_may_be_there_several_times_is_a_list_of_blocks() {
        let text = page(House::attributes());
        assert!(text.contains("- `window` (Block List) Window, one or more."), "{text}");
        assert!(text.contains("- `bell` (Block) Bell."), "{text}");
        let schema = Schema::new(0, "A house.", House::attributes()).to_proto();
        let blocks = schema.block.unwrap().block_types;
        let nesting: Vec<_> =
            blocks.iter().map(|block| (block.type_name.as_str(), block.nesting())).collect();
        use proto::tfplugin6::schema::nested_block::NestingMode;
        assert_eq!(nesting, [("bell", NestingMode::Single), ("window", NestingMode::List)]);
    }

    #[test]
    fn empty_texts_in_each_of_several_blocks_are_unset() {
        use crate::value::{Object, Value};
        let block = |tone: Value| Value::Map(Object::from([("tone".to_owned(), tone)]));
        let windows =
            |tones: [Value; 2]| Object::from([("window".to_owned(), Value::List(tones.map(block).to_vec()))]);
        let config = windows([Value::from(""), Value::from("low")]);
        let unset = crate::unset::config(&House::attributes(), config);
        assert_eq!(unset, windows([Value::Null, Value::from("low")]));
    }

    #[test]
    fn names_that_do_not_exist_are_listed_as_errors_and_not_as_attributes() {
        let text = page(House::attributes());
        assert!(text.contains("- `shut`, `shape`: Write `open = false`.\n"), "{text}");
        assert!(!text.contains("- `shut` (String)"), "{text}");
    }
}
