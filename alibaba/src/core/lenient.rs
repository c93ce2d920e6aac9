//! Reading JSON as the services really send it: empty strings for what is unset, numbers and booleans as text, and
//! text as numbers.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::core::text::{LONG, one_line};

/// How many elements a list may have. Pages have a thousand at most; this keeps a hostile one from taking all memory.
const MOST: usize = 100_000;

#[derive(Deserialize)]
#[serde(untagged)]
enum LenientValue {
    Text(String),
    Bool(bool),
    Int(i64),
    Float(f64),
}

impl LenientValue {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
        }
    }
}

fn loose<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LenientValue>, D::Error> {
    Option::<LenientValue>::deserialize(deserializer)
}

/// Text; nothing or null is empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(loose(deserializer)?.map(LenientValue::text).unwrap_or_default())
}

/// Text, where empty means unset.
pub(crate) fn text_or_unset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(loose(deserializer)?.map(LenientValue::text).filter(|text| !text.is_empty()))
}

/// Text that is shown to people as the service's own words: one line of a bounded length; empty means unset.
pub(crate) fn line_or_unset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let line = text_or_unset(deserializer)?.map(|text| one_line(&text, LONG));
    Ok(line.filter(|line| !line.is_empty()))
}

/// A truth value, also as text in any letter case or as a number; unset is false.
pub(crate) fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(truth_or_unset(deserializer)?.unwrap_or(false))
}

/// A truth value that has to be there.
pub(crate) fn truth_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match loose(deserializer)? {
        Some(LenientValue::Bool(value)) => Ok(value),
        Some(LenientValue::Text(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(LenientValue::Text(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(serde::de::Error::custom("expected a truth value")),
    }
}

/// A truth value that may be unset.
pub(crate) fn truth_or_unset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match loose(deserializer)? {
        Some(LenientValue::Bool(value)) => Some(value),
        Some(LenientValue::Int(value)) => Some(value != 0),
        Some(LenientValue::Text(text)) if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
        Some(LenientValue::Text(text)) if text.is_empty() => None,
        Some(_) => Some(false),
        None => None,
    })
}

/// A whole number, also as text; empty is unset.
pub(crate) fn number_or_unset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match loose(deserializer)? {
        None => Ok(None),
        Some(LenientValue::Int(value)) => Ok(Some(value)),
        Some(LenientValue::Text(text)) if text.is_empty() => Ok(None),
        Some(other) => {
            other.text().parse().map(Some).map_err(|_| serde::de::Error::custom("expected a whole number"))
        }
    }
}

/// A list, where null means empty.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(list_or_unset(deserializer)?.unwrap_or_default())
}

/// A list without which there is no answer, so that "there are none" and "it was not said" stay apart.
pub(crate) fn list_or_unset<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Ok(Option::<Bounded<T>>::deserialize(deserializer)?.map(|Bounded(list)| list))
}

/// A list that does not go on forever.
struct Bounded<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
            type Value = Bounded<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Bounded<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = elements.next_element()? {
                    if list.len() >= MOST {
                        return Err(serde::de::Error::custom("too many elements"));
                    }
                    list.push(element);
                }
                Ok(Bounded(list))
            }
        }
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq, Default)]
    #[serde(default)]
    struct Sample {
        #[serde(deserialize_with = "text")]
        text: String,
        #[serde(deserialize_with = "text_or_unset")]
        unset: Option<String>,
        #[serde(deserialize_with = "truth")]
        truth: bool,
        #[serde(deserialize_with = "number_or_unset")]
        number: Option<i64>,
        #[serde(deserialize_with = "list")]
        list: Vec<u8>,
    }

    fn read(json: &str) -> Sample {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_spelling_reads_the_same() {
        let expected = Sample { text: "5".into(), unset: None, truth: true, number: Some(7), list: vec![] };
        assert_eq!(read(r#"{"text":"5","unset":"","truth":true,"number":7,"list":[]}"#), expected);
        assert_eq!(read(r#"{"text":5,"unset":null,"truth":"True","number":"7","list":null}"#), expected);
        assert_eq!(read(r#"{"text":5,"truth":1,"number":"7","new":{"a":1}}"#), expected);
        assert_eq!(read("{}"), Sample::default());
        assert_eq!(read(r#"{"truth":"false","number":""}"#), Sample::default());
        assert!(serde_json::from_str::<Sample>(r#"{"number":"many"}"#).is_err());
    }

    #[test]
    fn no_list_goes_on_forever() {
        let list = |elements| format!("{{\"list\":[{}0]}}", "0,".repeat(elements - 1));
        assert_eq!(read(&list(MOST)).list.len(), MOST);
        assert!(serde_json::from_str::<Sample>(&list(MOST + 1)).is_err());
    }
}
