//! The index of a logstore: what is searchable in it. An update replaces all of it, and what is left out is lost (SLS API
//! reference, CreateIndex), so members that are not known here are carried along.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::call::{Call, Sls, logstore_path};
use crate::core::answer::{Answer, Unexpected, there};
use crate::core::lenient;
use crate::error::Error;

/// An index. It does not name its logstore, and has at least one of its two parts. What is unset is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Index {
    /// Search in the whole text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<IndexLine>,
    /// Fields that can be searched, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<BTreeMap<String, IndexKey>>,
    /// The longest text that can be analysed, in bytes.
    #[serde(deserialize_with = "lenient::number_or_unset", skip_serializing_if = "Option::is_none")]
    pub max_text_len: Option<i64>,
    /// Whether similar logs are grouped.
    #[serde(deserialize_with = "lenient::truth_or_unset", skip_serializing_if = "Option::is_none")]
    pub log_reduce: Option<bool>,
    /// What else it has.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// Search in the whole text of logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexLine {
    /// Whether upper and lower case differ.
    #[serde(
        rename = "caseSensitive",
        deserialize_with = "lenient::truth_or_unset",
        skip_serializing_if = "Option::is_none"
    )]
    pub case_sensitive: Option<bool>,
    /// Whether Chinese text is cut into words.
    #[serde(deserialize_with = "lenient::truth_or_unset", skip_serializing_if = "Option::is_none")]
    pub chn: Option<bool>,
    /// What separates words, one character each.
    #[serde(deserialize_with = "lenient::list_or_unset", skip_serializing_if = "Option::is_none")]
    pub token: Option<Vec<String>>,
    /// What else it has.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// A field, or a leaf of a JSON field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexKey {
    /// `text`, `long`, `double` or, of a field, `json`.
    #[serde(rename = "type", deserialize_with = "lenient::text", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Another name in analysis; empty is none.
    #[serde(deserialize_with = "alias", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Whether it can be analysed.
    #[serde(deserialize_with = "lenient::truth_or_unset", skip_serializing_if = "Option::is_none")]
    pub doc_value: Option<bool>,
    /// Whether upper and lower case differ.
    #[serde(
        rename = "caseSensitive",
        deserialize_with = "lenient::truth_or_unset",
        skip_serializing_if = "Option::is_none"
    )]
    pub case_sensitive: Option<bool>,
    /// Whether Chinese text is cut into words.
    #[serde(deserialize_with = "lenient::truth_or_unset", skip_serializing_if = "Option::is_none")]
    pub chn: Option<bool>,
    /// What separates words, one character each.
    #[serde(deserialize_with = "lenient::list_or_unset", skip_serializing_if = "Option::is_none")]
    pub token: Option<Vec<String>>,
    /// Whether all text inside of a JSON field can be searched.
    #[serde(deserialize_with = "lenient::truth_or_unset", skip_serializing_if = "Option::is_none")]
    pub index_all: Option<bool>,
    /// How deep inside; -1 is all the way.
    #[serde(deserialize_with = "lenient::number_or_unset", skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<i64>,
    /// Leaves of a JSON field, by path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_keys: Option<BTreeMap<String, IndexKey>>,
    /// What else it has, such as an embedding.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// Kept apart from an alias that is not there, so that it is sent back as it came.
fn alias<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    lenient::text(deserializer).map(Some)
}

impl Answer for Index {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        let has_part = self.keys.is_some() || self.line.is_some();
        there("keys", has_part.then_some(&()))
    }
}

fn object(project: &str, logstore: &str) -> String {
    format!("index/{project}/{logstore}")
}

fn path(logstore: &str) -> Result<String, Error> {
    Ok(format!("{}/index", logstore_path(logstore)?))
}

impl Sls {
    /// The index of a logstore as the service has it; none if there is none.
    pub async fn get_index(&self, project: &str, logstore: &str) -> Result<Option<Index>, Error> {
        let call = Call::new("GetIndex", Method::GET, Some(project), &path(logstore)?);
        match self.read(call, logstore).await {
            // The status of this one is 400, so the code has to tell.
            Err(error) if error.is_code("IndexConfigNotExist") => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// Gives a logstore an index. Called again, it says that there is one.
    pub async fn create_index(&self, project: &str, logstore: &str, index: &Index) -> Result<(), Error> {
        let call = Call::new("CreateIndex", Method::POST, Some(project), &path(logstore)?).json(index)?;
        self.write(&object(project, logstore), call).await
    }

    /// Replaces the index of a logstore, all of it. It holds for what is written from then on.
    pub async fn update_index(&self, project: &str, logstore: &str, index: &Index) -> Result<(), Error> {
        let call = Call::new("UpdateIndex", Method::PUT, Some(project), &path(logstore)?).json(index)?;
        self.write(&object(project, logstore), call).await
    }

    /// Takes the index from a logstore, whose logs can then not be searched any more.
    pub async fn delete_index(&self, project: &str, logstore: &str) -> Result<(), Error> {
        let call = Call::new("DeleteIndex", Method::DELETE, Some(project), &path(logstore)?);
        self.write(&object(project, logstore), call).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_index_is_sent_back_as_it_came() {
        let document = json!({
            "line": {"token": [",", " "], "caseSensitive": true, "chn": false, "include_keys": ["a"]},
            "keys": {
                "event": {"type": "json", "doc_value": true, "index_all": true, "max_depth": -1, "token": [","],
                    "json_keys": {"a.b": {"type": "text", "alias": "", "doc_value": true, "more": 1}}, "embedding": "x"},
                "size": {"type": "long", "alias": "s", "doc_value": false},
            },
            "max_text_len": 16384, "log_reduce": true, "scan_index": true, "nothing": null, "storage": "pg",
        });
        let index: Index = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(index.others["scan_index"], true);
        assert_eq!(serde_json::to_value(&index).unwrap(), document);
        let bare: Index = serde_json::from_value(json!({"line": {}})).unwrap();
        assert_eq!(serde_json::to_value(&bare).unwrap(), json!({"line": {}}));
    }
}
