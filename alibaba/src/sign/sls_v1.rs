//! `LOG`: the first signature of SLS, which every public endpoint accepts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;

use super::{Pairs, Signed, canonical_headers, header_lines, hex, hmac_sha256};
use crate::credentials::Credentials;

/// The value of `x-log-signaturemethod` for HMAC-SHA1.
pub const HMAC_SHA1: &str = "hmac-sha1";
/// The value of `x-log-signaturemethod` for HMAC-SHA256.
pub const HMAC_SHA256: &str = "hmac-sha256";

/// What is signed.
#[derive(Debug)]
pub struct Request<'r> {
    /// HTTP method.
    pub method: &'r str,
    /// The path as sent.
    pub path: &'r str,
    /// Query parameters, decoded: this signature does not encode them.
    pub query: &'r Pairs,
    /// Headers as sent; `content-md5`, `content-type`, `date` and all `x-log-*` and `x-acs-*` are signed. The header
    /// `x-log-signaturemethod` decides the hash.
    pub headers: &'r Pairs,
}

/// Upper-case hex MD5: the form of `Content-MD5` that SLS wants.
pub fn content_md5(body: &[u8]) -> String {
    hex(Md5::digest(body)).to_ascii_uppercase()
}

/// Signs; the headers have to hold everything to be signed already.
pub fn sign(request: &Request<'_>, credentials: &Credentials) -> Signed {
    let all = canonical_headers(request.headers);
    let header =
        |wanted: &str| all.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let signed_headers: Pairs = all
        .iter()
        .filter(|(name, _)| name.starts_with("x-log-") || name.starts_with("x-acs-"))
        .filter(|(name, _)| name != "x-log-date" && !name.starts_with("x-log-meta-"))
        .cloned()
        .collect();
    let date = if header("x-log-date").is_empty() { header("date") } else { header("x-log-date") };
    let mut query: Vec<String> = Vec::new();
    let mut sorted: Vec<&(String, String)> = request.query.iter().collect();
    sorted.sort();
    query.extend(sorted.iter().map(|(name, value)| format!("{name}={value}")));
    let resource = if query.is_empty() {
        request.path.to_owned()
    } else {
        format!("{}?{}", request.path, query.join("&"))
    };
    let string_to_sign = format!(
        "{}\n{}\n{}\n{date}\n{}{resource}",
        request.method,
        header("content-md5"),
        header("content-type"),
        header_lines(&signed_headers),
    );
    let secret = credentials.secret.expose().as_bytes();
    let mac = if header("x-log-signaturemethod") == HMAC_SHA256 {
        hmac_sha256(secret, string_to_sign.as_bytes())
    } else {
        Hmac::<Sha1>::new_from_slice(secret)
            .map(|mac| mac.chain_update(string_to_sign.as_bytes()).finalize().into_bytes().to_vec())
            .unwrap_or_default()
    };
    let signature = STANDARD.encode(mac);
    let authorization = format!("LOG {}:{signature}", credentials.access_key_id);
    Signed { authorization, signature, canonical_request: string_to_sign }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::pairs;

    const BODY: &str = r#"{"projectName":"audit-prj","description":"audit project"}"#;
    const JSON: (&str, &str) = ("Content-Type", "application/json");
    const TOKEN: (&str, &str) = ("x-acs-security-token", "testSecurityToken");
    const LIST: &[(&str, &str)] = &[("size", "100"), ("logstoreName", "aud it"), ("offset", "0")];
    const ENABLE: &[(&str, &str)] = &[("action", "enable")];

    fn check(
        hash: &str,
        method: &str,
        path: &str,
        query: &[(&str, &str)],
        body: &str,
        more: &[(&str, &str)],
        signature: &str,
    ) -> Signed {
        let size = body.len().to_string();
        let mut headers = pairs(&[
            ("Date", "Mon, 15 Jan 2024 08:00:00 GMT"),
            ("x-log-apiversion", "0.6.0"),
            ("x-log-bodyrawsize", &size),
            ("x-log-signaturemethod", hash),
            ("Host", "audit-prj.cn-hangzhou.log.aliyuncs.com"),
            ("x-log-meta-x", "never signed"),
        ]);
        headers.extend(pairs(more));
        if !body.is_empty() {
            headers.push(("Content-MD5".into(), content_md5(body.as_bytes())));
        }
        let request = Request { method, path, query: &pairs(query), headers: &headers };
        let signed = sign(&request, &Credentials::new("testAccessKeyId", "testAccessKeySecret"));
        assert_eq!(signed.signature, signature, "{}", signed.canonical_request);
        assert_eq!(signed.authorization, format!("LOG testAccessKeyId:{signature}"));
        signed
    }

    #[test]
    fn md5_is_upper_case_hex() {
        assert_eq!(content_md5(BODY.as_bytes()), "26C54FF58FE7F0E170AC7BDA1E8A9AFF");
    }

    #[test]
    fn vectors_a_with_sha1() {
        let a1 = check(HMAC_SHA1, "GET", "/logstores/audit", &[], "", &[], "tqOn1gamD4vf5gd3OzjlDbaaQo8=");
        assert_eq!(
            a1.canonical_request,
            "GET\n\n\nMon, 15 Jan 2024 08:00:00 GMT\nx-log-apiversion:0.6.0\nx-log-bodyrawsize:0\n\
             x-log-signaturemethod:hmac-sha1\n/logstores/audit"
        );
        check(HMAC_SHA1, "POST", "/", &[], BODY, &[JSON], "/vhkSqW6xH3wVzURWtfNeBF856s=");
        check(HMAC_SHA1, "GET", "/logstores", LIST, "", &[], "oppGiO6x6dBBgUSjNih268NoILk=");
        check(HMAC_SHA1, "PUT", "/alerts/root-login", ENABLE, "", &[TOKEN], "IYBZ9XiRe0vhp+erpmuzAAiWp3c=");
    }

    #[test]
    fn vectors_b_with_sha256() {
        for (method, path, query, body, more, signature) in [
            (
                "GET",
                "/logstores/audit",
                &[][..],
                "",
                &[JSON][..],
                "C5DueNqgq33qZtI0pOkSKx1mbXQtFvSFOlQiidwoYJ8=",
            ),
            ("POST", "/", &[], BODY, &[JSON], "LN4qJe/fgFNo2N9wuE+ut68puOu+WyDnK2kqMttmtx4="),
            ("GET", "/logstores", LIST, "", &[JSON], "R9ncbIDWPB78OlsrkCV5P7SGyhUfMhTXuZKCpF1YAyY="),
            (
                "PUT",
                "/alerts/root-login",
                ENABLE,
                "",
                &[JSON, TOKEN],
                "oZrdxezaW4u3VbDf9yUGpsBzwGkWIS1BXNiR67ltdTM=",
            ),
        ] {
            check(HMAC_SHA256, method, path, query, body, more, signature);
        }
    }

    #[test]
    fn vector_of_the_official_client_tests() {
        let headers = pairs(&[
            ("Date", "Mon, 3 Jan 2010 08:33:47 GMT"),
            ("x-log-apiversion", "0.6.0"),
            ("x-log-signaturemethod", HMAC_SHA1),
            ("x-log-bodyrawsize", "0"),
        ]);
        let request = Request { method: "GET", path: "/logstores", query: &Vec::new(), headers: &headers };
        let signed = sign(&request, &Credentials::new("mockAccessKeyID", "mockAccessKeySecret"));
        assert_eq!(signed.signature, "Rwm6cTKzoti4HWoe+GKcb6Kv07E=");
    }

    #[test]
    fn a_browser_style_date_takes_the_place_of_date() {
        let date = "Mon, 15 Jan 2024 08:00:00 GMT";
        let sign_with = |headers: &[(&str, &str)]| {
            let request = Request { method: "GET", path: "/", query: &Vec::new(), headers: &pairs(headers) };
            sign(&request, &Credentials::new("id", "secret")).signature
        };
        assert_eq!(sign_with(&[("Date", date)]), sign_with(&[("x-log-date", date)]));
        assert_eq!(sign_with(&[("Date", date)]), sign_with(&[("Date", "other"), ("x-log-date", date)]));
    }
}
