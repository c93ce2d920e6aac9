//! Types of values and their JSON form on the wire (`"string"`, `["list","string"]`, `["object",{…}]`).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// The type of a value, as Terraform's type system has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// Decided by the value itself.
    Dynamic,
    /// Ordered elements of one type.
    List(Box<Type>),
    /// Distinct elements of one type.
    Set(Box<Type>),
    /// Elements of one type by key.
    Map(Box<Type>),
    /// Elements of a type each.
    Tuple(Vec<Type>),
    /// Attributes of a type each.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// The type's JSON form.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool => json!("bool"),
            Self::Number => json!("number"),
            Self::String => json!("string"),
            Self::Dynamic => json!("dynamic"),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Tuple(elements) => json!(["tuple", elements.iter().map(Self::to_json).collect::<Vec<_>>()]),
            Self::Object(attributes) => {
                let attributes: serde_json::Map<_, _> =
                    attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json())).collect();
                json!(["object", attributes])
            }
        }
    }

    /// Reads a type's JSON form; `None` when it is not one.
    #[must_use]
    pub fn from_json(json: &Json) -> Option<Self> {
        Self::from_json_within(json, 0)
    }

    fn from_json_within(json: &Json, depth: usize) -> Option<Self> {
        if depth > super::MAX_DEPTH {
            return None;
        }
        let inner = |json: &Json| Self::from_json_within(json, depth + 1);
        if let Some(name) = json.as_str() {
            return match name {
                "bool" => Some(Self::Bool),
                "number" => Some(Self::Number),
                "string" => Some(Self::String),
                "dynamic" => Some(Self::Dynamic),
                _ => None,
            };
        }
        let parts = json.as_array()?;
        let argument = parts.get(1)?;
        match parts.first()?.as_str()? {
            "list" => Some(Self::List(Box::new(inner(argument)?))),
            "set" => Some(Self::Set(Box::new(inner(argument)?))),
            "map" => Some(Self::Map(Box::new(inner(argument)?))),
            "tuple" => Some(Self::Tuple(argument.as_array()?.iter().map(inner).collect::<Option<_>>()?)),
            "object" => Some(Self::Object(
                argument
                    .as_object()?
                    .iter()
                    .map(|(name, ty)| Some((name.clone(), inner(ty)?)))
                    .collect::<Option<_>>()?,
            )),
            _ => None,
        }
    }

    /// What an error calls a value of this type.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Number => "number",
            Self::String => "string",
            Self::Dynamic => "value",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::Map(_) => "map",
            Self::Tuple(_) => "tuple",
            Self::Object(_) => "object",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_form_round_trips() {
        for text in [
            r#""string""#,
            r#"["list","bool"]"#,
            r#"["map",["set","number"]]"#,
            r#"["object",{"a":"dynamic","b":["tuple",["string","bool"]]}]"#,
        ] {
            let json: Json = serde_json::from_str(text).unwrap();
            let ty = Type::from_json(&json).unwrap();
            assert_eq!(ty.to_json(), json);
        }
    }

    #[test]
    fn nonsense_is_no_type() {
        for json in [json!("text"), json!(["list"]), json!(["list", "x"]), json!(3), json!([])] {
            assert_eq!(Type::from_json(&json), None, "{json}");
        }
    }
}
