//! Settings for buckets that browsers read: CORS, static website, hotlink protection. An archive has no use for them;
//! they are here because other clients read them on every refresh.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::request::{Answer, Request, done, gone};
use super::xml;

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
    let cors: Cors = request.document("CORSConfiguration")?;
    let methods = ["GET", "PUT", "DELETE", "POST", "HEAD"];
    let valid = (1..=10).contains(&cors.rules.len())
        && cors.rules.iter().all(|rule| {
            !rule.allowed_origin.is_empty()
                && !rule.allowed_method.is_empty()
                && rule.allowed_method.iter().all(|method| methods.contains(&method.as_str()))
        });
    if !valid {
        return Err(Fault::malformed("1 to 10 rules with origins and methods are needed"));
    }
    request.owned()?.cors = Some(cors);
    done()
}

/// GetBucketCors.
pub(super) fn get_cors(request: &mut Request<'_>) -> Answer {
    match request.owned()?.cors.clone() {
        Some(cors) => xml::reply("CORSConfiguration", &cors),
        None => Err(missing("NoSuchCORSConfiguration", "The CORS Configuration does not exist.")),
    }
}

/// DeleteBucketCors.
pub(super) fn delete_cors(request: &mut Request<'_>) -> Answer {
    request.owned()?.cors = None;
    gone()
}

/// Static website. Routing rules are not modelled: a document that has them is refused, not cut.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Website {
    /// Start page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_document: Option<IndexDocument>,
    /// Error page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_document: Option<ErrorDocument>,
}

/// Start page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IndexDocument {
    /// Its name in every folder.
    pub suffix: String,
}

/// Error page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorDocument {
    /// Its key.
    pub key: String,
}

/// PutBucketWebsite (OSS API reference).
pub(super) fn put_website(request: &mut Request<'_>) -> Answer {
    let website: Website = request.document("WebsiteConfiguration")?;
    request.owned()?.website = Some(website);
    done()
}

/// GetBucketWebsite.
pub(super) fn get_website(request: &mut Request<'_>) -> Answer {
    match request.owned()?.website.clone() {
        Some(website) => xml::reply("WebsiteConfiguration", &website),
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
#[serde(rename_all = "PascalCase")]
pub struct Referer {
    /// Whether requests without a referer are let in.
    pub allow_empty_referer: bool,
    /// Referers that are let in.
    #[serde(default)]
    pub referer_list: RefererList,
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
    let referer: Referer = request.document("RefererConfiguration")?;
    request.owned()?.referer = Some(referer);
    done()
}

/// GetBucketReferer: everything is let in when it was never set.
pub(super) fn get_referer(request: &mut Request<'_>) -> Answer {
    let referer = request.owned()?.referer.clone();
    let open = Referer { allow_empty_referer: true, referer_list: RefererList::default() };
    xml::reply("RefererConfiguration", &referer.unwrap_or(open))
}

fn missing(code: &str, message: &str) -> Fault {
    Fault::new(StatusCode::NOT_FOUND, code, message)
}
