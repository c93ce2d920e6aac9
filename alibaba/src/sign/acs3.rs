//! `ACS3-HMAC-SHA256`: the signature of the RPC-style services (ActionTrail, STS, RAM, Resource Directory).

use super::{
    Pairs, Signed, canonical_headers, encode, header_lines, header_names, hex, hmac_sha256, sha256_hex,
};
use crate::credentials::Credentials;

/// What is signed.
#[derive(Debug)]
pub struct Request<'r> {
    /// HTTP method.
    pub method: &'r str,
    /// Query parameters, decoded.
    pub query: &'r Pairs,
    /// Headers as sent; `host`, `content-type` and all `x-acs-*` are signed.
    pub headers: &'r Pairs,
    /// Further headers to sign, in lower case.
    pub also_signed: &'r [&'r str],
    /// The exact body.
    pub body: &'r [u8],
}

/// The query string in signed form, which is also the one to send.
pub fn canonical_query(query: &Pairs) -> String {
    let mut sorted: Vec<&(String, String)> = query.iter().collect();
    sorted.sort();
    sorted
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// Signs; the headers have to hold everything to be signed already.
pub fn sign(request: &Request<'_>, credentials: &Credentials) -> Signed {
    let is_signed = |name: &str| {
        name == "host"
            || name == "content-type"
            || name.starts_with("x-acs-")
            || request.also_signed.contains(&name)
    };
    let headers =
        canonical_headers(request.headers.iter().filter(|(name, _)| is_signed(&name.to_ascii_lowercase())));
    let names = header_names(&headers);
    let canonical_request = format!(
        "{}\n/\n{}\n{}\n{names}\n{}",
        request.method,
        canonical_query(request.query),
        header_lines(&headers),
        sha256_hex(request.body),
    );
    let string_to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256_hex(canonical_request.as_bytes()));
    let signature = hex(hmac_sha256(credentials.secret.expose().as_bytes(), string_to_sign.as_bytes()));
    let authorization = format!(
        "ACS3-HMAC-SHA256 Credential={},SignedHeaders={names},Signature={signature}",
        credentials.access_key_id
    );
    Signed { authorization, signature, canonical_request }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::pairs;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const SELECTOR: &str = r#"[{"ServiceName":"Oss","EventName":{"Equals":["Get*","a b+c~d/é"]}}]"#;

    struct Vector<'v> {
        method: &'v str,
        action: &'v str,
        query: &'v [(&'v str, &'v str)],
        body: &'v str,
        more: &'v [(&'v str, &'v str)],
        also_signed: &'v [&'v str],
        names: &'v str,
        hash: &'v str,
        signature: &'v str,
    }

    fn check(vector: &Vector<'_>) -> Signed {
        let hash = sha256_hex(vector.body.as_bytes());
        let mut headers = pairs(&[
            ("x-acs-version", "2020-07-06"),
            ("Host", "actiontrail.cn-hangzhou.aliyuncs.com"),
            ("x-acs-action", vector.action),
            ("x-acs-date", "2025-01-02T03:04:05Z"),
            ("x-acs-signature-nonce", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
            ("x-acs-content-sha256", &hash),
        ]);
        headers.extend(pairs(vector.more));
        let signed = sign(
            &Request {
                method: vector.method,
                query: &pairs(vector.query),
                headers: &headers,
                also_signed: vector.also_signed,
                body: vector.body.as_bytes(),
            },
            &Credentials::new("testid", "testsecret"),
        );
        assert_eq!(
            sha256_hex(signed.canonical_request.as_bytes()),
            vector.hash,
            "{}",
            signed.canonical_request
        );
        assert_eq!(signed.signature, vector.signature);
        assert_eq!(
            signed.authorization,
            format!(
                "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={},Signature={}",
                vector.names, vector.signature
            )
        );
        signed
    }

    const PLAIN: &str =
        "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";

    #[test]
    fn vector_0_the_vendors_published_example() {
        let headers = pairs(&[
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", EMPTY),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
            ("x-other", "not signed"),
        ]);
        let query = pairs(&[
            ("RegionId", "cn-shanghai"),
            ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
        ]);
        let request =
            Request { method: "POST", query: &query, headers: &headers, also_signed: &[], body: b"" };
        let signed = sign(&request, &Credentials::new("YourAccessKeyId", "YourAccessKeySecret"));
        assert_eq!(
            sha256_hex(signed.canonical_request.as_bytes()),
            "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
        );
        assert_eq!(signed.signature, "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
    }

    #[test]
    fn vector_a_query_only() {
        let signed = check(&Vector {
            method: "POST",
            action: "DescribeTrails",
            query: &[("NameList", "audit-trail"), ("IncludeShadowTrails", "false")],
            body: "",
            more: &[],
            also_signed: &[],
            names: PLAIN,
            hash: "654bcc6e87870be1e227b9832a9a82835575af60092080d265f500f941e7da96",
            signature: "8d13d6832ae05ecc11cfe5cfe379ae6a8327105be85272249d2bb0ad72a6e0fe",
        });
        let expected = format!(
            "POST\n/\nIncludeShadowTrails=false&NameList=audit-trail\nhost:actiontrail.cn-hangzhou.aliyuncs.com\n\
             x-acs-action:DescribeTrails\nx-acs-content-sha256:{EMPTY}\nx-acs-date:2025-01-02T03:04:05Z\n\
             x-acs-signature-nonce:0f1e2d3c4b5a69788796a5b4c3d2e1f0\nx-acs-version:2020-07-06\n\n{PLAIN}\n{EMPTY}"
        );
        assert_eq!(signed.canonical_request, expected);
    }

    #[test]
    fn vector_b_token_and_awkward_characters() {
        let signed = check(&Vector {
            method: "POST",
            action: "PutDataEventSelector",
            query: &[
                ("TrailName", "audit_trail-1"),
                ("EventSelectors", SELECTOR),
                ("IsTrailAllRegion", "true"),
                ("TrailRegionIds", ""),
            ],
            body: "",
            more: &[("x-acs-accesskey-id", "testid"), ("x-acs-security-token", "tok/en+AA==")],
            also_signed: &[],
            names: "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;\
                    x-acs-signature-nonce;x-acs-version",
            hash: "867d6e0253912dba9fb431312454abdc6b2c4f7099ee3556928113521b312a4d",
            signature: "573246ed23d38615aca06e320951798014f1a95ddd5d83552f29f9b6b0838b3d",
        });
        let query = "EventSelectors=%5B%7B%22ServiceName%22%3A%22Oss%22%2C%22EventName%22%3A%7B%22Equals%22%3A%5B%22Get\
                     %2A%22%2C%22a%20b%2Bc~d%2F%C3%A9%22%5D%7D%7D%5D&IsTrailAllRegion=true&TrailName=audit_trail-1&\
                     TrailRegionIds=";
        assert_eq!(signed.canonical_request.lines().nth(2), Some(query));
    }

    #[test]
    fn vector_c_form_body() {
        let body = "Name=audit-trail&OssBucketName=audit-bucket&SlsProjectArn=acs%3Alog%3Acn-hangzhou%3A1234567890123456\
                    %3Aproject%2Faudit";
        assert_eq!(
            sha256_hex(body.as_bytes()),
            "544d37562d1892cff13cb723175f3a2443db937c97c8bf94b7bd8ca27bb33d2f"
        );
        check(&Vector {
            method: "POST",
            action: "CreateTrail",
            query: &[],
            body,
            more: &[("Content-Type", "application/x-www-form-urlencoded")],
            also_signed: &[],
            names: "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version",
            hash: "d15dfec24bc4aca4b8269907fb8f1c08e96cc0059ba4caf6bb6548f22b36625d",
            signature: "28abfe5d4f426787e4af932f1f5dfa1ef8c8bf0fd6635cbc7c85415cb55f5913",
        });
    }

    #[test]
    fn vector_d_get() {
        check(&Vector {
            method: "GET",
            action: "StopLogging",
            query: &[("Name", "audit-trail")],
            body: "",
            more: &[],
            also_signed: &[],
            names: PLAIN,
            hash: "6dd0dce1e7891b6dbfa746e7fdf7d00fb74750022c48249896c374d70769ae4e",
            signature: "361820796ff3cfa4d596fed933776144f0c1148cfbba9fe31751f7b8fead2639",
        });
    }

    #[test]
    fn vector_e_more_signed_headers() {
        check(&Vector {
            method: "POST",
            action: "DescribeTrails",
            query: &[("IncludeShadowTrails", "False"), ("NameList", "audit-trail")],
            body: "",
            more: &[
                ("accept", "application/json"),
                ("user-agent", " ua-test/1.0 "),
                ("x-acs-credentials-provider", "static_ak"),
            ],
            also_signed: &["accept", "user-agent"],
            names: "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;\
                    x-acs-signature-nonce;x-acs-version",
            hash: "003deedf7326585f50029d12c385d5f94efb039c52eabc6eef47a44f3db554f3",
            signature: "b953ef85a756b9a1f626e2e86561c3bf50fb986ee5bd0d0d3ce91233141e6aa8",
        });
    }
}
