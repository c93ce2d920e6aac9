//! `SLS4-HMAC-SHA256`: the newer signature of SLS; dedicated endpoints accept nothing else.

use super::{
    Pairs, Signed, canonical_headers, encode, header_lines, header_names, hex, hmac_sha256, sha256_hex,
    v4_key,
};
use crate::credentials::Credentials;

/// What is signed.
#[derive(Debug)]
pub struct Request<'r> {
    /// HTTP method.
    pub method: &'r str,
    /// The path as sent.
    pub path: &'r str,
    /// Query parameters, decoded.
    pub query: &'r Pairs,
    /// Headers as sent; `host`, `content-type` and all `x-log-*` and `x-acs-*` are signed.
    pub headers: &'r Pairs,
    /// The exact body.
    pub body: &'r [u8],
    /// The region of the endpoint.
    pub region: &'r str,
    /// The value of the `x-log-date` header, `YYYYMMDDThhmmssZ`.
    pub date: &'r str,
}

/// Names stay as they are, values are encoded, an empty value leaves the bare name.
fn canonical_query(query: &Pairs) -> String {
    let mut sorted: Vec<&(String, String)> = query.iter().collect();
    sorted.sort();
    let join = |(name, value): &(String, String)| {
        if value.is_empty() { name.clone() } else { format!("{name}={}", encode(value)) }
    };
    sorted.into_iter().map(join).collect::<Vec<_>>().join("&")
}

/// Signs; the headers have to hold everything to be signed already.
pub fn sign(request: &Request<'_>, credentials: &Credentials) -> Signed {
    let is_signed = |name: &str| {
        (name == "host" || name == "content-type" || name.starts_with("x-log-") || name.starts_with("x-acs-"))
            && !name.starts_with("x-log-meta-")
    };
    let headers =
        canonical_headers(request.headers.iter().filter(|(name, _)| is_signed(&name.to_ascii_lowercase())));
    let canonical_request = format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        request.method,
        request.path,
        canonical_query(request.query),
        header_lines(&headers),
        header_names(&headers),
        sha256_hex(request.body),
    );
    let day = request.date.get(..8).unwrap_or(request.date);
    let scope = format!("{day}/{}/sls/aliyun_v4_request", request.region);
    let string_to_sign =
        format!("SLS4-HMAC-SHA256\n{}\n{scope}\n{}", request.date, sha256_hex(canonical_request.as_bytes()));
    let key = v4_key(credentials.secret.expose(), day, request.region, "sls");
    let signature = hex(hmac_sha256(&key, string_to_sign.as_bytes()));
    let authorization =
        format!("SLS4-HMAC-SHA256 Credential={}/{scope},Signature={signature}", credentials.access_key_id);
    Signed { authorization, signature, canonical_request }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::pairs;

    const BODY: &str = r#"{"projectName":"audit-prj","description":"audit project"}"#;
    const JSON: (&str, &str) = ("content-type", "application/json");
    const TOKEN: (&str, &str) = ("x-acs-security-token", "testSecurityToken");
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn signed(method: &str, path: &str, query: &[(&str, &str)], body: &str, more: &[(&str, &str)]) -> Signed {
        let hash = sha256_hex(body.as_bytes());
        let size = body.len().to_string();
        let mut headers = pairs(&[
            ("Host", "audit-prj.cn-hangzhou.log.aliyuncs.com"),
            ("x-log-apiversion", "0.6.0"),
            ("x-log-bodyrawsize", &size),
            ("x-log-content-sha256", &hash),
            ("x-log-date", "20240115T080000Z"),
            ("User-Agent", "not signed"),
        ]);
        headers.extend(pairs(more));
        let request = Request {
            method,
            path,
            query: &pairs(query),
            headers: &headers,
            body: body.as_bytes(),
            region: "cn-hangzhou",
            date: "20240115T080000Z",
        };
        sign(&request, &Credentials::new("testAccessKeyId", "testAccessKeySecret"))
    }

    #[test]
    fn vectors_c_content_type_only_with_a_body() {
        assert_eq!(
            sha256_hex(BODY.as_bytes()),
            "250282b7281763b300ad4455d010b8d70dc565ad08216dfc53dc3bec742b91f3"
        );
        let list = &[("size", "100"), ("offset", "0"), ("logstoreName", "aud it")][..];
        let tags = &[
            ("tags", "[]"),
            ("resourceType", "project"),
            ("resourceId", "[\"audit-prj\"]"),
            ("nextToken", ""),
        ][..];
        let enable = &[("action", "enable")][..];
        for (method, path, query, body, more, hash, signature) in [
            (
                "GET",
                "/logstores/audit",
                &[][..],
                "",
                &[][..],
                "af1da363e08acac602661c038e9f53c1183713f6f1a5cb1a7ad1e3c0643648f2",
                "4278500e8f117553c3d11fdb50660f2431dc6a1fd516942cae6045c298a6e7d0",
            ),
            (
                "POST",
                "/",
                &[],
                BODY,
                &[JSON],
                "fa3859dc6cbc2f32b2b72ca561855856cedfec38b41bec31c5ea33fcfff4aaeb",
                "6f8fcfc79479db7dcdd5d688d7417dea599d6b4b745fe400588aafc3174cab3f",
            ),
            (
                "GET",
                "/logstores",
                list,
                "",
                &[],
                "9c5f522d1c72bb556f530364c7d2172743eb0961d0ec29ff98f79abf7534eb79",
                "5b8ef7420aa637bb0d04ec218f75831ec0d0b80a9f24b5e879533f7446b96d8a",
            ),
            (
                "PUT",
                "/alerts/root-login",
                enable,
                "",
                &[TOKEN],
                "7ce3bfa1a48361d0c90acbed147a51a8ea8ba5f6d69f12b62492291f9294357c",
                "afc1628c79e803ef531658bbf4aa5a44f358547085e303c3771a9b462383fd0b",
            ),
            (
                "GET",
                "/tags",
                tags,
                "",
                &[],
                "a34cf222bc065344120740487b39458e5b793d067d34094470bcd6a838681dc1",
                "bc89f9005703789c03d8cd49873743e5ad28ff9e326cfa6283a05906912e0b09",
            ),
        ] {
            let signed = signed(method, path, query, body, more);
            assert_eq!(sha256_hex(signed.canonical_request.as_bytes()), hash, "{}", signed.canonical_request);
            assert_eq!(signed.signature, signature, "{method} {path}");
        }
    }

    #[test]
    fn canonical_request_and_header_of_c1() {
        let signed = signed("GET", "/logstores/audit", &[], "", &[]);
        let expected = format!(
            "GET\n/logstores/audit\n\nhost:audit-prj.cn-hangzhou.log.aliyuncs.com\nx-log-apiversion:0.6.0\n\
             x-log-bodyrawsize:0\nx-log-content-sha256:{EMPTY}\nx-log-date:20240115T080000Z\n\n\
             host;x-log-apiversion;x-log-bodyrawsize;x-log-content-sha256;x-log-date\n{EMPTY}"
        );
        assert_eq!(signed.canonical_request, expected);
        assert_eq!(
            signed.authorization,
            format!(
                "SLS4-HMAC-SHA256 Credential=testAccessKeyId/20240115/cn-hangzhou/sls/aliyun_v4_request,Signature={}",
                signed.signature
            )
        );
    }

    #[test]
    fn vectors_d_content_type_always() {
        let enable = &[("action", "enable")][..];
        for (method, path, query, signature) in [
            (
                "GET",
                "/logstores/audit",
                &[][..],
                "32c77914e4c50fab116d009c04afdde1ea4ba9bf47d17c1b0027ef810c599863",
            ),
            ("GET", "/", &[], "63d6d7a8c126f5e1071a8d126ecb5205322f7101233513e45f84c34bb8e5e9e1"),
            (
                "PUT",
                "/alerts/root-login",
                enable,
                "958c258b7aebf63a94bbd8304123cfaa316c1305539a56647333fdd6b38b16f4",
            ),
        ] {
            assert_eq!(signed(method, path, query, "", &[JSON]).signature, signature, "{method} {path}");
        }
    }

    #[test]
    fn the_key_is_derived_step_by_step() {
        let mut key = b"aliyun_v4testAccessKeySecret".to_vec();
        for (part, expected) in [
            ("20240115", "21ddf537ef9175c28d13287fa7cfec51fead254f7646dc9cac56072a13787c7a"),
            ("cn-hangzhou", "39a90f9faa4b8e4c4cdbec1df8fe82a056afcbb884e2e19ecd49af4a383d1cea"),
            ("sls", "d8835f143f06c55b99ce0b1e5ecf8b8f9a457949286f5a431482ace7ca277455"),
            ("aliyun_v4_request", "dcb78d17d73756a9f8b67898202710f94416ecdcd29d93b86f8efee0a339d938"),
        ] {
            key = hmac_sha256(&key, part.as_bytes());
            assert_eq!(hex(&key), expected, "{part}");
        }
    }

    #[test]
    fn vectors_of_the_official_client_tests() {
        let body = b"adasd= -asd zcas";
        let hash = sha256_hex(body);
        let credentials = Credentials::new("acsddda21dsd", "zxasdasdasw2");
        let plain = pairs(&[("x-log-content-sha256", &hash), ("x-log-date", "20220808T032330Z")]);
        let mut more = plain.clone();
        more.extend(pairs(&[("x-acs-ppp", "dds"), ("x-log-test", "het123")]));
        let raw = pairs(&[(" abc", "efg"), (" agc ", ""), ("", "efg"), ("A-bc", "eFg")]);
        assert_eq!(canonical_query(&raw), "=efg& abc=efg& agc &A-bc=eFg");
        for (region, headers, query, signature) in [
            (
                "cn-shanghai",
                &plain,
                &Vec::new(),
                "8a10a5e723cb2e75964816de660b2c16a58af8bc0261f7f0722d832468c76ce8",
            ),
            ("cn-hangzhou", &more, &raw, "a98f5632e93836e63839cd836a54055f480020a9364ca944e2d34f2eb9bf1bed"),
        ] {
            let request = Request {
                method: "POST",
                path: "/logstores",
                query,
                headers,
                body,
                region,
                date: "20220808T032330Z",
            };
            assert_eq!(sign(&request, &credentials).signature, signature, "{region}");
        }
    }
}
