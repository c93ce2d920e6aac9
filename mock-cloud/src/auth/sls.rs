//! The signatures of SLS: v1 (HMAC-SHA1 or HMAC-SHA256) and v4.

use super::crypto::{encode, md5_hex_upper, same, sha256_hex};
use super::{
    AuthError, Claim, Credential, Mac, Validity, fields, header_block, header_names, parse_compact,
    parse_http, signed_value,
};
use crate::gateway::request::{Pairs, Request};

const V4: &str = "SLS4-HMAC-SHA256";

/// Reads a v1 claim.
pub(super) fn v1(request: &Request) -> Result<Claim, AuthError> {
    let authorization = request.header("authorization").unwrap_or("");
    let pair = authorization.strip_prefix("LOG ").and_then(|pair| pair.trim().split_once(':'));
    let (key_id, provided) = pair.ok_or(AuthError::Unreadable)?;
    let method =
        request.header("x-log-signaturemethod").ok_or(AuthError::Missing("x-log-signaturemethod"))?;
    let mac = match method {
        "hmac-sha1" => Mac::Base64Sha1,
        "hmac-sha256" => Mac::Base64Sha256,
        _ => return Err(AuthError::UnsupportedMethod),
    };
    require_version(request)?;
    let date =
        request.header("x-log-date").or_else(|| request.header("date")).ok_or(AuthError::DateMissing)?;
    let digest = request.header("content-md5").unwrap_or("");
    if !digest.is_empty() && !same(digest, &md5_hex_upper(&request.body)) {
        return Err(AuthError::BodyHash);
    }
    Ok(Claim {
        key_id: key_id.to_owned(),
        token: token(request),
        provided: provided.to_owned(),
        candidates: vec![v1_text(request, date)],
        mac,
        validity: Validity::Around(parse_http(date)?),
        nonce: None,
        scope: None,
    })
}

/// The text that a v1 signature signs.
pub(super) fn v1_text(request: &Request, date: &str) -> String {
    let value = |name| signed_value(request, name).unwrap_or_default();
    let names = header_names(request, |name| signed_prefix(name) && name != "x-log-date");
    let mut query: Vec<&(String, Option<String>)> = request.query.iter().collect();
    query.sort_by(|one, other| one.0.cmp(&other.0));
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        })
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!(
        "{}\n{}\n{}\n{date}\n{}{}{query}",
        request.method,
        value("content-md5"),
        value("content-type"),
        header_block(request, &names),
        request.path,
    )
}

/// Reads a v4 claim.
pub(super) fn v4(request: &Request) -> Result<Claim, AuthError> {
    let field = fields(request.header("authorization").unwrap_or(""));
    let credential = Credential::parse(&field("Credential").ok_or(AuthError::Unreadable)?)?;
    let provided = field("Signature").ok_or(AuthError::Unreadable)?;
    require_version(request)?;
    let date = request.header("x-log-date").ok_or(AuthError::DateMissing)?;
    let time = parse_compact(date)?;
    let hash = request.header("x-log-content-sha256").ok_or(AuthError::Missing("x-log-content-sha256"))?;
    if !same(hash, &sha256_hex(&request.body)) {
        return Err(AuthError::BodyHash);
    }
    let names = header_names(request, |name| signed_prefix(name) || name == "host" || name == "content-type");
    let block = header_block(request, &names);
    let text = |path: &str| {
        let method = request.method.as_str();
        let canonical = v4_canonical(method, path, &request.query, &block, &names.join(";"), hash);
        format!("{V4}\n{date}\n{}\n{}", credential.scope(), sha256_hex(canonical.as_bytes()))
    };
    // SDKs disagree whether the path is signed as it travels or as it was given.
    let mut candidates = vec![text(&request.raw_path)];
    if request.path != request.raw_path {
        candidates.push(text(&request.path));
    }
    let Credential { key_id, date, region, product } = credential;
    Ok(Claim {
        key_id,
        token: token(request),
        provided,
        candidates,
        mac: Mac::V4 { date, region: region.clone(), product: product.clone() },
        validity: Validity::Around(time),
        nonce: None,
        scope: Some((region, product)),
    })
}

/// The canonical request of v4: names of parameters are sorted but not encoded.
pub(super) fn v4_canonical(
    method: &str,
    path: &str,
    query: &Pairs,
    block: &str,
    names: &str,
    hash: &str,
) -> String {
    let mut query: Vec<(&str, &str)> =
        query.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or(""))).collect();
    query.sort_unstable();
    let query: Vec<String> = query
        .into_iter()
        .map(
            |(name, value)| {
                if value.is_empty() { name.to_owned() } else { format!("{name}={}", encode(value)) }
            },
        )
        .collect();
    format!("{method}\n{path}\n{}\n{block}\n{names}\n{hash}", query.join("&"))
}

/// Both versions sign these headers, but not the metadata of a log group.
fn signed_prefix(name: &str) -> bool {
    (name.starts_with("x-log-") && !name.starts_with("x-log-meta-")) || name.starts_with("x-acs-")
}

fn token(request: &Request) -> Option<String> {
    request.header("x-acs-security-token").filter(|token| !token.is_empty()).map(str::to_owned)
}

fn require_version(request: &Request) -> Result<(), AuthError> {
    request.header("x-log-apiversion").map(|_| ()).ok_or(AuthError::Missing("x-log-apiversion"))
}
