//! Names that do not exist in nested attributes: every object that users write declares some, each names what to use
//! instead, and each is an error when it is used.

use plugin::schema::{Attribute, Kind, Mode, Nesting};
use plugin::value::{Object, Type, Value};
use plugin::{Diagnostics, Managed, Provider, Readable};

use crate::Alitrail;
use crate::config::Cloud;

/// One object that users write, and those around it, the outermost first.
struct Written {
    path: Vec<(&'static str, Nesting)>,
    around: Vec<Vec<Attribute>>,
}

impl Written {
    fn attributes(&self) -> &[Attribute] {
        self.around.last().map(Vec::as_slice).unwrap_or_default()
    }

    fn name(&self) -> String {
        self.path.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(".")
    }

    fn unsupported_names(&self) -> impl Iterator<Item = (&Attribute, &'static str)> {
        self.attributes().iter().filter_map(|one| Some((one, one.unsupported_name?)))
    }

    /// A configuration with nothing in it but this name.
    fn with(&self, unsupported_name: &Attribute) -> Object {
        let value = match unsupported_name.kind.ty() {
            Type::Object(_) => Value::Map(Object::new()),
            Type::List(element) if *element == Type::String => Value::from(["x"]),
            Type::List(_) => Value::List(vec![Value::Map(Object::new())]),
            _ => Value::from("x"),
        };
        let mut object = Object::from([(unsupported_name.name.to_owned(), value)]);
        for (name, nesting) in self.path.iter().rev() {
            let inner = match nesting {
                Nesting::Single => Value::Map(object),
                Nesting::List => Value::List(vec![Value::Map(object)]),
                Nesting::Map => Value::Map(Object::from([("IA".to_owned(), Value::Map(object))])),
            };
            object = Object::from([((*name).to_owned(), inner)]);
        }
        object
    }

    /// Whether an object around, here or directly inside has an attribute of this name.
    fn knows(&self, name: &str) -> bool {
        let inside = self.attributes().iter().filter_map(|one| match &one.kind {
            Kind::Nested(_, inner) => Some(inner),
            Kind::Type(_) => None,
        });
        let exists = |one: &Attribute| one.name == name && one.unsupported_name.is_none();
        self.around.iter().chain(inside).flatten().any(exists)
    }
}

fn written(attributes: &[Attribute]) -> Vec<Written> {
    fn walk(
        attributes: &[Attribute],
        path: &[(&'static str, Nesting)],
        around: &[Vec<Attribute>],
        found: &mut Vec<Written>,
    ) {
        for attribute in attributes.iter().filter(|one| !one.block && one.mode != Mode::Computed) {
            let Kind::Nested(nesting, inner) = &attribute.kind else { continue };
            let path = [path, &[(attribute.name, *nesting)]].concat();
            let around = [around, std::slice::from_ref(inner)].concat();
            walk(inner, &path, &around, found);
            found.push(Written { path, around });
        }
    }
    let mut found = Vec::new();
    walk(attributes, &[], &[attributes.to_vec()], &mut found);
    found
}

type Validate = Box<dyn Fn(Object) -> Diagnostics>;

/// Every object that users write, with the name of its resource or data source and how that checks a configuration.
fn everything() -> Vec<(&'static str, Written, std::rc::Rc<Validate>)> {
    let resources = Alitrail::resources().into_iter().map(|one: Box<dyn Managed<Cloud>>| {
        let (name, written) = (one.name(), written(&one.schema().attributes));
        (name, written, Box::new(move |config| one.validate(config)) as Validate)
    });
    let sources = Alitrail::data_sources().into_iter().map(|one: Box<dyn Readable<Cloud>>| {
        let (name, written) = (one.name(), written(&one.schema().attributes));
        (name, written, Box::new(move |config| one.validate(config)) as Validate)
    });
    let all = resources.chain(sources).flat_map(|(name, written, validate)| {
        let validate = std::rc::Rc::new(validate);
        written.into_iter().map(move |one| (name, one, validate.clone()))
    });
    all.collect()
}

#[test]
fn every_object_that_users_write_has_some() {
    let all = everything();
    assert!(all.len() > 20, "{}", all.len());
    for (resource, object, _) in all {
        assert!(object.unsupported_names().next().is_some(), "{resource}: {} has none", object.name());
    }
}

#[test]
fn every_name_is_declared_once_and_possible_in_terraform() {
    for (resource, object, _) in everything() {
        for (unsupported_name, _) in object.unsupported_names() {
            let name = unsupported_name.name;
            let alike = object.attributes().iter().filter(|one| one.name == name).count();
            assert_eq!(alike, 1, "{resource}: {}.{name}", object.name());
            let possible = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(possible, "{resource}: {name}: Terraform refuses a schema with such a name");
        }
    }
}

#[test]
fn every_text_names_attributes_that_exist() {
    for (resource, object, _) in everything() {
        for (unsupported_name, instead) in object.unsupported_names() {
            let quoted = instead.split('`').skip(1).step_by(2);
            let words: Vec<&str> = quoted
                .filter_map(|code| code.split(|c: char| !(c.is_ascii_lowercase() || c == '_')).next())
                .filter(|word| !word.is_empty())
                .collect();
            let scope = format!("{resource}: {}.{}: {instead}", object.name(), unsupported_name.name);
            assert!(!words.is_empty(), "{scope}");
            for word in words {
                assert!(object.knows(word), "{scope}: there is no {word}");
            }
        }
    }
}

#[test]
fn the_use_of_each_is_an_error_at_its_place() {
    for (resource, object, validate) in everything() {
        for (unsupported_name, instead) in object.unsupported_names() {
            let found = validate(object.with(unsupported_name));
            let notified = found.0.iter().find(|one| one.detail.ends_with(instead));
            let scope = format!("{resource}: {}.{}", object.name(), unsupported_name.name);
            let notified = notified.unwrap_or_else(|| panic!("{scope}: {found:?}"));
            assert!(
                notified.path.to_string().ends_with(&format!(".{}", unsupported_name.name)),
                "{scope}: {}",
                notified.path
            );
        }
    }
}
