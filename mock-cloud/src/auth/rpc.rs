//! The signatures of RPC services: `ACS3-HMAC-SHA256` in headers and the older HMAC-SHA1 in parameters.

use super::crypto::{encode, same, sha256_hex};
use super::{AuthError, Claim, Mac, Validity, fields, header_block, parse_iso};
use crate::gateway::request::Request;

/// Headers that must be there and signed.
const REQUIRED: [&str; 6] =
    ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"];

/// Reads an ACS3 claim. The client lists the headers it signed; which of them the service insists on is not
/// documented, so those that name the operation and protect the request must be among them.
pub(super) fn acs3(request: &Request) -> Result<Claim, AuthError> {
    let authorization = request.header("authorization").ok_or(AuthError::Anonymous)?;
    if !authorization.starts_with("ACS3-HMAC-SHA256 ") {
        return Err(AuthError::UnsupportedMethod);
    }
    let field = fields(authorization);
    let key_id = field("Credential").filter(|id| !id.is_empty()).ok_or(AuthError::Missing("Credential"))?;
    let provided = field("Signature").ok_or(AuthError::Missing("Signature"))?;
    let listed = field("SignedHeaders").ok_or(AuthError::Missing("SignedHeaders"))?;
    let mut names: Vec<String> = listed.split(';').map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    for name in REQUIRED {
        if !request.headers.contains_key(name) {
            return Err(AuthError::Missing(name));
        }
    }
    let token = request.header("x-acs-security-token").filter(|token| !token.is_empty()).map(str::to_owned);
    let with_token = token.as_ref().map(|_| "x-acs-security-token");
    if let Some(name) =
        REQUIRED.into_iter().chain(with_token).find(|name| !names.iter().any(|known| known == name))
    {
        return Err(AuthError::Unsigned(name.to_owned()));
    }
    let payload = request.header("x-acs-content-sha256").unwrap_or("");
    if !same(payload, &sha256_hex(&request.body)) {
        return Err(AuthError::BodyHash);
    }
    let canonical = format!(
        "{}\n{}\n{}\n{}\n{}\n{payload}",
        request.method,
        request.raw_path,
        canonical_query(&request.query),
        header_block(request, &names),
        names.join(";"),
    );
    Ok(Claim {
        key_id,
        token,
        provided,
        candidates: vec![format!("ACS3-HMAC-SHA256\n{}", sha256_hex(canonical.as_bytes()))],
        mac: Mac::HexSha256,
        validity: Validity::Around(parse_iso(request.header("x-acs-date").unwrap_or(""))?),
        nonce: request.header("x-acs-signature-nonce").map(str::to_owned),
        scope: None,
    })
}

/// Reads the claim of the older RPC signature: every parameter of query and form but the signature is signed.
pub(super) fn v1(request: &Request) -> Result<Claim, AuthError> {
    let needed = |name: &'static str| {
        request.param(name).filter(|value| !value.is_empty()).ok_or(AuthError::Missing(name))
    };
    let key_id = needed("AccessKeyId")?.to_owned();
    let provided = needed("Signature")?.to_owned();
    if !needed("SignatureMethod")?.eq_ignore_ascii_case("HMAC-SHA1") || needed("SignatureVersion")? != "1.0" {
        return Err(AuthError::UnsupportedMethod);
    }
    let nonce = needed("SignatureNonce")?.to_owned();
    let time = parse_iso(needed("Timestamp")?)?;
    Ok(Claim {
        key_id,
        token: request.param("SecurityToken").filter(|token| !token.is_empty()).map(str::to_owned),
        provided,
        candidates: vec![v1_text(request)],
        mac: Mac::RpcSha1,
        validity: Validity::Around(time),
        nonce: Some(nonce),
        scope: None,
    })
}

/// The text that the older RPC signature signs.
pub(super) fn v1_text(request: &Request) -> String {
    let signed = request.query.iter().chain(&request.form).filter(|(name, _)| name != "Signature");
    let all: Vec<_> = signed.cloned().collect();
    format!("{}&%2F&{}", request.method, encode(&canonical_query(&all)))
}

/// Parameters sorted by name, encoded, each with its `=`.
fn canonical_query(query: &[(String, Option<String>)]) -> String {
    let mut pairs: Vec<(&str, &str)> =
        query.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or(""))).collect();
    pairs.sort_unstable();
    let joined: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    joined.join("&")
}
