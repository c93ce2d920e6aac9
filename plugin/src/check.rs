//! Runs the declared checks over a configuration, before any call to the cloud.

use crate::schema::{Attribute, Kind, Nesting};
use crate::value::{Object, Value};
use crate::{Diagnostic, Diagnostics, Path, Step};

/// Checks every known value of an object against its declaration.
pub fn object(attributes: &[Attribute], object: &Object, path: &Path, found: &mut Diagnostics) {
    for attribute in attributes {
        if let Some(value) = object.get(attribute.name) {
            check_value(attribute, value, &path.clone().child(attribute.name), found);
        }
    }
}

fn check_value(attribute: &Attribute, value: &Value, path: &Path, found: &mut Diagnostics) {
    if value.is_null() || value.is_unknown() {
        return;
    }
    let mut wrong = |detail: String| {
        found.push(Diagnostic::error(format!("Invalid {path}"), detail).at(path.clone()));
    };
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
