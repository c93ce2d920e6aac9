//! Signatures of SLS, produced by the official signers, and vectors published in an SDK's unit tests.

use super::*;
use crate::auth::sls::{v1_text, v4_canonical};

const HOST: &str = "audit-prj.cn-hangzhou.log.aliyuncs.com";
const NOW: OffsetDateTime = datetime!(2024-01-15 08:00:00 UTC);
const DATE: &str = "Mon, 15 Jan 2024 08:00:00 GMT";
const BODY: &str = r#"{"projectName":"audit-prj","description":"audit project"}"#;
const MD5: &str = "26C54FF58FE7F0E170AC7BDA1E8A9AFF";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const BODY_HASH: &str = "250282b7281763b300ad4455d010b8d70dc565ad08216dfc53dc3bec742b91f3";
const JSON: (&str, &str) = ("content-type", "application/json");
const TOKEN: (&str, &str) = ("x-acs-security-token", "testSecurityToken");
const GET: &str = "GET /logstores/audit";
const LIST: &str = "GET /logstores?logstoreName=aud%20it&offset=0&size=100";
const ENABLE: &str = "PUT /alerts/root-login?action=enable";

fn known(headers: &[(&str, &str)]) -> AccessKey {
    AccessKey { token: headers.contains(&TOKEN).then(|| Secret::new(TOKEN.1)), ..key("testAccessKeySecret") }
}

#[test]
fn v1_vectors() {
    for (method, line, headers, signature) in [
        ("hmac-sha1", GET, &[][..], "tqOn1gamD4vf5gd3OzjlDbaaQo8="),
        ("hmac-sha1", "POST /", &[JSON], "/vhkSqW6xH3wVzURWtfNeBF856s="),
        ("hmac-sha1", LIST, &[], "oppGiO6x6dBBgUSjNih268NoILk="),
        ("hmac-sha1", ENABLE, &[TOKEN], "IYBZ9XiRe0vhp+erpmuzAAiWp3c="),
        ("hmac-sha256", GET, &[JSON], "C5DueNqgq33qZtI0pOkSKx1mbXQtFvSFOlQiidwoYJ8="),
        ("hmac-sha256", "POST /", &[JSON], "LN4qJe/fgFNo2N9wuE+ut68puOu+WyDnK2kqMttmtx4="),
        ("hmac-sha256", LIST, &[JSON], "R9ncbIDWPB78OlsrkCV5P7SGyhUfMhTXuZKCpF1YAyY="),
        ("hmac-sha256", ENABLE, &[JSON, TOKEN], "oZrdxezaW4u3VbDf9yUGpsBzwGkWIS1BXNiR67ltdTM="),
    ] {
        let body = if line.starts_with("POST") { BODY } else { "" };
        let size = body.len().to_string();
        let authorization = format!("LOG testAccessKeyId:{signature}");
        let mut all = vec![
            ("host", HOST),
            ("date", DATE),
            ("x-log-apiversion", "0.6.0"),
            ("x-log-bodyrawsize", &size),
            ("x-log-signaturemethod", method),
            ("content-md5", if body.is_empty() { "" } else { MD5 }),
            ("authorization", &authorization),
        ];
        all.extend(headers);
        let found = enter(&request(line, &all, body), "testAccessKeyId", &known(headers), NOW);
        assert!(found.is_ok(), "{method} {line}: {found:?}");
        if !body.is_empty() {
            let found = enter(&request(line, &all, "another"), "testAccessKeyId", &known(headers), NOW);
            assert_eq!(found.unwrap_err(), AuthError::BodyHash);
        }
    }
}

#[test]
fn v4_vectors() {
    for (line, headers, signature) in [
        (GET, &[][..], "4278500e8f117553c3d11fdb50660f2431dc6a1fd516942cae6045c298a6e7d0"),
        ("POST /", &[JSON], "6f8fcfc79479db7dcdd5d688d7417dea599d6b4b745fe400588aafc3174cab3f"),
        (LIST, &[], "5b8ef7420aa637bb0d04ec218f75831ec0d0b80a9f24b5e879533f7446b96d8a"),
        (ENABLE, &[TOKEN], "afc1628c79e803ef531658bbf4aa5a44f358547085e303c3771a9b462383fd0b"),
        (
            "GET /tags?resourceType=project&resourceId=%5B%22audit-prj%22%5D&tags=%5B%5D&nextToken=",
            &[],
            "bc89f9005703789c03d8cd49873743e5ad28ff9e326cfa6283a05906912e0b09",
        ),
        (GET, &[JSON], "32c77914e4c50fab116d009c04afdde1ea4ba9bf47d17c1b0027ef810c599863"),
        ("GET /", &[JSON], "63d6d7a8c126f5e1071a8d126ecb5205322f7101233513e45f84c34bb8e5e9e1"),
        (ENABLE, &[JSON], "958c258b7aebf63a94bbd8304123cfaa316c1305539a56647333fdd6b38b16f4"),
    ] {
        let body = if line.starts_with("POST") { BODY } else { "" };
        let size = body.len().to_string();
        let authorization = format!(
            "SLS4-HMAC-SHA256 Credential=testAccessKeyId/20240115/cn-hangzhou/sls/aliyun_v4_request,\
             Signature={signature}"
        );
        let mut all = vec![
            ("host", HOST),
            ("x-log-apiversion", "0.6.0"),
            ("x-log-bodyrawsize", &size),
            ("x-log-content-sha256", if body.is_empty() { EMPTY } else { BODY_HASH }),
            ("x-log-date", "20240115T080000Z"),
            ("authorization", &authorization),
        ];
        all.extend(headers);
        let found = enter(&request(line, &all, body), "testAccessKeyId", &known(headers), NOW);
        assert!(found.is_ok(), "{line}: {found:?}");
    }
}

#[test]
fn v4_canonical_request() {
    let block = format!(
        "host:{HOST}\nx-log-apiversion:0.6.0\nx-log-bodyrawsize:0\nx-log-content-sha256:{EMPTY}\n\
         x-log-date:20240115T080000Z\n"
    );
    let names = "host;x-log-apiversion;x-log-bodyrawsize;x-log-content-sha256;x-log-date";
    for (line, hash) in [
        (GET, "af1da363e08acac602661c038e9f53c1183713f6f1a5cb1a7ad1e3c0643648f2"),
        (LIST, "9c5f522d1c72bb556f530364c7d2172743eb0961d0ec29ff98f79abf7534eb79"),
    ] {
        let request = request(line, &[("host", HOST)], "");
        let canonical = v4_canonical("GET", &request.path, &request.query, &block, names, EMPTY);
        assert_eq!(crypto::sha256_hex(canonical.as_bytes()), hash, "{canonical}");
    }
}

#[test]
fn v1_vector_of_an_sdk() {
    let date = "Mon, 3 Jan 2010 08:33:47 GMT";
    let request = request(
        "GET /logstores",
        &[
            ("host", HOST),
            ("x-log-apiversion", "0.6.0"),
            ("x-log-signaturemethod", "hmac-sha1"),
            ("x-log-bodyrawsize", "0"),
        ],
        "",
    );
    let signature = Mac::Base64Sha1.sign("mockAccessKeySecret", &v1_text(&request, date));
    assert_eq!(signature, "Rwm6cTKzoti4HWoe+GKcb6Kv07E=");
}

/// These vectors sign no host, which the mock insists on, so they go around the reading of a request.
#[test]
fn v4_vectors_of_an_sdk() {
    let hash = crypto::sha256_hex(b"adasd= -asd zcas");
    let date = "20220808T032330Z";
    let query: Vec<(String, Option<String>)> = [(" abc", "efg"), (" agc ", ""), ("", "efg"), ("A-bc", "eFg")]
        .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
        .to_vec();
    for (region, query, extra, names, signature) in [
        (
            "cn-shanghai",
            vec![],
            ["", ""],
            "x-log-content-sha256;x-log-date",
            "8a10a5e723cb2e75964816de660b2c16a58af8bc0261f7f0722d832468c76ce8",
        ),
        (
            "cn-hangzhou",
            query,
            ["x-acs-ppp:dds\n", "x-log-test:het123\n"],
            "x-acs-ppp;x-log-content-sha256;x-log-date;x-log-test",
            "a98f5632e93836e63839cd836a54055f480020a9364ca944e2d34f2eb9bf1bed",
        ),
    ] {
        let block = format!("{}x-log-content-sha256:{hash}\nx-log-date:{date}\n{}", extra[0], extra[1]);
        let canonical = v4_canonical("POST", "/logstores", &query, &block, names, &hash);
        let scope = format!("20220808/{region}/sls/aliyun_v4_request");
        let text = format!("SLS4-HMAC-SHA256\n{date}\n{scope}\n{}", crypto::sha256_hex(canonical.as_bytes()));
        let mac = Mac::V4 { date: "20220808".into(), region: region.into(), product: "sls".into() };
        assert_eq!(mac.sign("zxasdasdasw2", &text), signature);
    }
}
