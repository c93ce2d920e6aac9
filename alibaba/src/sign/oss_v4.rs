//! `OSS4-HMAC-SHA256`: the header signature of OSS.

use super::{
    Pairs, Signed, canonical_headers, encode, encode_path, header_lines, hex, hmac_sha256, sha256_hex, v4_key,
};
use crate::credentials::Credentials;

/// The payload hash that every official client sends: the body is not part of the signature.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// What is signed.
#[derive(Debug)]
pub struct Request<'r> {
    /// HTTP method.
    pub method: &'r str,
    /// The bucket, whatever the style of the URL; none for calls on the service.
    pub bucket: Option<&'r str>,
    /// The object key, decoded; empty for calls on the bucket.
    pub key: &'r str,
    /// Query parameters, decoded.
    pub query: &'r Pairs,
    /// Headers as sent; `content-type`, `content-md5` and all `x-oss-*` are signed.
    pub headers: &'r Pairs,
    /// Further headers to sign, in lower case.
    pub additional: &'r [&'r str],
    /// The region of the endpoint, without any prefix.
    pub region: &'r str,
    /// The value of the `x-oss-date` header, `YYYYMMDDThhmmssZ`.
    pub date: &'r str,
}

/// The query string in signed form, which is also the one to send.
pub fn canonical_query(query: &Pairs) -> String {
    let mut encoded: Vec<(String, String)> =
        query.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    encoded.sort();
    let join = |(name, value): &(String, String)| {
        if value.is_empty() { name.clone() } else { format!("{name}={value}") }
    };
    encoded.iter().map(join).collect::<Vec<_>>().join("&")
}

/// Signs; the headers have to hold everything to be signed already.
pub fn sign(request: &Request<'_>, credentials: &Credentials) -> Signed {
    let by_default =
        |name: &str| name == "content-type" || name == "content-md5" || name.starts_with("x-oss-");
    let headers = canonical_headers(request.headers.iter().filter(|(name, _)| {
        let name = name.to_ascii_lowercase();
        by_default(&name) || request.additional.contains(&name.as_str())
    }));
    let mut additional: Vec<&str> =
        headers.iter().map(|(name, _)| name.as_str()).filter(|name| !by_default(name)).collect();
    additional.dedup();
    let additional = additional.join(";");
    let resource = match request.bucket {
        Some(bucket) => format!("/{bucket}/{}", request.key),
        None => "/".to_owned(),
    };
    let canonical_request = format!(
        "{}\n{}\n{}\n{}\n{additional}\n{UNSIGNED_PAYLOAD}",
        request.method,
        encode_path(&resource),
        canonical_query(request.query),
        header_lines(&headers),
    );
    let day = request.date.get(..8).unwrap_or(request.date);
    let scope = format!("{day}/{}/oss/aliyun_v4_request", request.region);
    let string_to_sign =
        format!("OSS4-HMAC-SHA256\n{}\n{scope}\n{}", request.date, sha256_hex(canonical_request.as_bytes()));
    let key = v4_key(credentials.secret.expose(), day, request.region, "oss");
    let signature = hex(hmac_sha256(&key, string_to_sign.as_bytes()));
    // An empty list of additional headers is refused by the service, so the field is left out then.
    let additional =
        if additional.is_empty() { String::new() } else { format!(",AdditionalHeaders={additional}") };
    let authorization = format!(
        "OSS4-HMAC-SHA256 Credential={}/{scope}{additional},Signature={signature}",
        credentials.access_key_id
    );
    Signed { authorization, signature, canonical_request }
}

#[cfg(test)]
#[path = "oss_v4_tests.rs"]
mod tests;
