//! Runs the declared checks over a configuration, before any call to the cloud.

use crate::schema::{Attribute, Empty, Kind, Mode, Nesting};
use crate::value::{Object, Value};
use crate::{Diagnostic, Diagnostics, Path, Step, unset};

/// Checks every known value of an object against its declaration.
pub fn object(attributes: &[Attribute], object: &Object, path: &Path, found: &mut Diagnostics) {
    for attribute in attributes {
        if let Some(value) = object.get(attribute.name) {
            check_value(attribute, value, &path.clone().child(attribute.name), found);
        }
    }
}

fn check_value(attribute: &Attribute, value: &Value, path: &Path, found: &mut Diagnostics) {
    if let Some(instead) = attribute.unsupported_name {
        // Also while its value is not known: no value would make it exist.
        if !value.is_null() {
            found.push(
                Diagnostic::error(
                    format!("Unsupported attribute {path}"),
                    format!("There is no attribute {} here. {instead}", attribute.name),
                )
                .at(path.clone()),
            );
        }
        return;
    }
    if value.is_null() || value.is_unknown() {
        return;
    }
    let mut wrong = |detail: String| {
        found.push(Diagnostic::error(format!("Invalid {path}"), detail).at(path.clone()));
    };
    if attribute.mode != Mode::Required && unset::is_empty(attribute, value, unset::Source::Config) {
        match (attribute.empty, &attribute.mode) {
            (Empty::Refused(why), _) => return wrong(why.to_owned()),
            (Empty::Means(_), _) => {}
            // The state has to say what it is.
            (_, Mode::Keeps(_)) => {
                return wrong(format!(
                    "{name} is decided when the object is made, and the state has to say how; it cannot be empty. Leave \
                     {name} out (null), or write its value.",
                    name = attribute.name
                ));
            }
            _ if attribute.identity.is_some() => {
                return wrong(format!(
                    "{name} identifies the object; it cannot be empty. Leave {name} out (null), or write its value.",
                    name = attribute.name
                ));
            }
            (Empty::Warned(text), _) => {
                let summary = format!("{path} is empty");
                found.push(Diagnostic::warning(summary, text).at(path.clone()));
                return;
            }
            // It leaves the attribute out, and there is nothing to check.
            (Empty::Unset, _) => return,
        }
    }
    if let (Some(text), false) = (value.as_str(), attribute.choices.is_empty())
        && !attribute.choices.contains(&text)
    {
        wrong(format!("{} must be one of {}; got {text:?}.", attribute.name, list(attribute.choices)));
        return;
    }
    for check in &attribute.checks {
        if let Err(detail) = check(value) {
            wrong(detail);
        }
    }
    let Kind::Nested(nesting, inner) = &attribute.kind else { return };
    match (nesting, value) {
        (Nesting::Single, Value::Map(nested)) => object(inner, nested, path, found),
        (Nesting::List, Value::List(items)) => {
            for (index, item) in (0..).zip(items) {
                if let Value::Map(nested) = item {
                    object(inner, nested, &path.clone().then(Step::Index(index)), found);
                }
            }
        }
        (Nesting::Map, Value::Map(items)) => {
            for (key, item) in items {
                if let Value::Map(nested) = item {
                    object(inner, nested, &path.clone().key(key), found);
                }
            }
        }
        _ => {}
    }
}

/// `"a", "b" or "c"`, for messages.
#[must_use]
pub fn list(choices: &[&str]) -> String {
    match choices {
        [] => String::new(),
        [only] => format!("{only:?}"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|choice| format!("{choice:?}")).collect();
            format!("{} or {last:?}", rest.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::value::Type;
    use crate::{Attr, Model, planning, schema};

    #[derive(Debug, Clone, Default, Model)]
    struct Rack {
        /// Shelves.
        #[attr(required)]
        shelves: Attr<BTreeMap<String, Shelf>>,
    }

    #[derive(Debug, Clone, Default, Model)]
    #[model(unsupported_names(height, is_high = "Write `depth`.", boards: objects = "Write `depth` too."))]
    struct Shelf {
        /// Depth.
        #[attr(default = 3)]
        depth: Attr<i64>,
    }

    fn rack(key: &str, value: Value) -> Object {
        let shelf = Value::Map(Object::from([(key.to_owned(), value)]));
        let shelves = Value::Map(Object::from([("top".to_owned(), shelf)]));
        Object::from([("shelves".to_owned(), shelves)])
    }

    #[test]
    fn a_name_that_does_not_exist_is_an_error_with_the_right_one() {
        let told = |key: &str, value: Value| {
            let mut found = Diagnostics::new();
            object(&Rack::attributes(), &rack(key, value), &Path::root(), &mut found);
            found.0.into_iter().map(|one| (one.path.to_string(), one.detail)).collect::<Vec<_>>()
        };
        let expected = (
            "shelves[\"top\"].is_high".to_owned(),
            "There is no attribute is_high here. Write `depth`.".to_owned(),
        );
        assert_eq!(told("is_high", "yes".into()), std::slice::from_ref(&expected));
        assert_eq!(told("is_high", Value::UNKNOWN), [expected], "whatever its value will be");
        assert_eq!(told("boards", Value::List(Vec::new())).len(), 1);
        assert_eq!(told("is_high", Value::Null), []);
        assert_eq!(told("depth", Value::from(4)), []);
    }

    #[test]
    fn names_that_do_not_exist_are_on_the_wire_and_always_null() {
        let attributes = Rack::attributes();
        let wire = schema::Schema::new(0, "Racks.", attributes.clone()).to_proto();
        let shelves = wire.block.unwrap().attributes[0].nested_type.clone().unwrap().attributes;
        let of = |name: &str| shelves.iter().find(|attribute| attribute.name == name).unwrap();
        assert!(of("height").optional && of("height").deprecated && !of("height").computed);
        assert!(!of("depth").deprecated);
        assert_eq!(
            of("boards").r#type,
            Type::List(Box::new(Type::Object(BTreeMap::new()))).to_json().to_string()
        );

        let shelf = Shelf { depth: 4.into() };
        let typed = Rack { shelves: BTreeMap::from([("top".to_owned(), shelf)]).into() }.to_object();
        let planned = planning::object(&attributes, None, &rack("depth", Value::from(4)));
        assert_eq!(planned, typed);
        assert_eq!(planning::settle(&attributes, &planned, typed.clone()), typed);
    }
}
