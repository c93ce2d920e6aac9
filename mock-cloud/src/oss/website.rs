//! Settings for buckets that browsers read: CORS, static website, hotlink protection. An archive has no use for them;
//! they are here because other clients read them on every refresh.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::documents::{CORS, REFERER, WEBSITE};
use super::error::Error;
use super::request::{Answer, Request, done, gone};
use super::xml;
use crate::rpc;

/// Cross-origin rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cors {
    /// The rules.
    #[serde(rename = "CORSRule")]
    pub rules: Vec<CorsRule>,
    /// Whether answers carry `Vary: Origin`.
    #[serde(rename = "ResponseVary")]
    pub response_vary: bool,
}

/// One cross-origin rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CorsRule {
    /// Origins.
    pub allowed_origin: Vec<String>,
    /// Methods.
    pub allowed_method: Vec<String>,
    /// Request headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_header: Vec<String>,
    /// Response headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expose_header: Vec<String>,
    /// How long browsers may keep the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<i64>,
}

/// PutBucketCors: 1 to 10 rules, each with origins and methods (OSS API reference, PutBucketCors).
pub(super) fn put_cors(request: &mut Request<'_>) -> Answer {
    let cors: Cors = request.document(&CORS)?;
    let methods = ["GET", "PUT", "DELETE", "POST", "HEAD"];
    let valid = (1..=10).contains(&cors.rules.len())
        && cors.rules.iter().all(|rule| {
            !rule.allowed_origin.is_empty()
                && !rule.allowed_method.is_empty()
                && rule.allowed_method.iter().all(|method| methods.contains(&method.as_str()))
        });
    if !valid {
        return Err(Error::malformed("1 to 10 rules with origins and methods are needed"));
    }
    request.owned()?.cors = Some(cors);
    done()
}

/// GetBucketCors.
pub(super) fn get_cors(request: &mut Request<'_>) -> Answer {
    match request.owned()?.cors.clone() {
        Some(cors) => xml::reply(CORS.root, &cors),
        None => Err(missing("NoSuchCORSConfiguration", "The CORS Configuration does not exist.")),
    }
}

/// DeleteBucketCors.
pub(super) fn delete_cors(request: &mut Request<'_>) -> Answer {
    request.owned()?.cors = None;
    gone()
}

/// Static website. Numbers and truth values are the texts that were put.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Website {
    /// Start page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_document: Option<IndexDocument>,
    /// Error page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_document: Option<ErrorDocument>,
    /// What is answered with a redirection or from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_rules: Option<RoutingRules>,
}

/// Start page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct IndexDocument {
    /// Its name in every folder.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// Whether folders have one of their own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub support_sub_dir: String,
    /// What is answered for a folder without one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub r#type: String,
}

/// Error page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ErrorDocument {
    /// Its key.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The status that it is answered with.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub http_status: String,
}

/// Routing rules, each as the tree of members that was put: they are stored and given back, not followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoutingRules {
    /// The rules.
    #[serde(default, deserialize_with = "one_or_more")]
    pub routing_rule: Vec<Value>,
}

/// A list that a document with a single element writes without being one.
fn one_or_more<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(list) => list,
        one => vec![one],
    })
}

/// PutBucketWebsite (OSS API reference).
pub(super) fn put_website(request: &mut Request<'_>) -> Answer {
    let website = match xml::read_tree(&request.call.body, &WEBSITE)? {
        // A document without members is an empty text.
        Value::Object(members) => serde_json::from_value(Value::Object(members))
            .map_err(|error| Error::malformed(&error.to_string()))?,
        _ => Website::default(),
    };
    request.owned()?.website = Some(website);
    done()
}

/// GetBucketWebsite.
pub(super) fn get_website(request: &mut Request<'_>) -> Answer {
    match &request.owned()?.website {
        Some(website) => {
            let members = serde_json::to_value(website)
                .map_err(|error| Error::internal(&format!("cannot write a website: {error}")))?;
            let mut document = String::new();
            rpc::element(&mut document, WEBSITE.root, &members);
            Ok(xml::document_reply(document))
        }
        None => Err(missing(
            "NoSuchWebsiteConfiguration",
            "The specified bucket does not have a website configuration.",
        )),
    }
}

/// DeleteBucketWebsite.
pub(super) fn delete_website(request: &mut Request<'_>) -> Answer {
    request.owned()?.website = None;
    gone()
}

/// Hotlink protection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Referer {
    /// Whether requests without a referer are let in.
    pub allow_empty_referer: bool,
    /// Whether the query string of a referer is left out of the comparison.
    pub allow_truncate_query_string: bool,
    /// Whether its path is left out, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncate_path: Option<bool>,
    /// Referers that are let in.
    pub referer_list: RefererList,
    /// Referers that are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referer_blacklist: Option<RefererList>,
}

/// Everything is let in (OSS API reference, PutBucketReferer, defaults of its elements).
impl Default for Referer {
    fn default() -> Self {
        Self {
            allow_empty_referer: true,
            allow_truncate_query_string: true,
            truncate_path: None,
            referer_list: RefererList::default(),
            referer_blacklist: None,
        }
    }
}

/// Referers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RefererList {
    /// Patterns.
    pub referer: Vec<String>,
}

/// PutBucketReferer (OSS API reference).
pub(super) fn put_referer(request: &mut Request<'_>) -> Answer {
    let referer: Referer = request.document(&REFERER)?;
    request.owned()?.referer = Some(referer);
    done()
}

/// GetBucketReferer: the defaults when it was never set.
pub(super) fn get_referer(request: &mut Request<'_>) -> Answer {
    let referer = request.owned()?.referer.clone();
    xml::reply(REFERER.root, &referer.unwrap_or_default())
}

fn missing(code: &str, message: &str) -> Error {
    Error::new(StatusCode::NOT_FOUND, code, message)
}
