//! Signatures of RPC services, produced by an official SDK with fixed time and nonce, and two published examples.

use super::*;
use crate::auth::rpc::v1_text;

const NOW: OffsetDateTime = datetime!(2025-01-02 03:04:05 UTC);
const NONCE: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const BASE: &str = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
/// Event selectors with everything in them that is hard to encode.
const SELECTORS: &str = "%5B%7B%22ServiceName%22%3A%22Oss%22%2C%22EventName%22%3A%7B%22Equals%22%3A%5B%22Get%2A%22%2C%22\
    a%20b%2Bc~d%2F%C3%A9%22%5D%7D%7D%5D";

struct Acs3<'a> {
    line: &'a str,
    action: &'a str,
    headers: &'a [(&'a str, &'a str)],
    signed: &'a str,
    hash: &'a str,
    body: &'a str,
    signature: &'a str,
}

impl Acs3<'_> {
    fn request(&self) -> Request {
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={},Signature={}",
            self.signed, self.signature
        );
        let mut headers = vec![
            ("host", "actiontrail.cn-hangzhou.aliyuncs.com"),
            ("x-acs-action", self.action),
            ("x-acs-version", "2020-07-06"),
            ("x-acs-date", "2025-01-02T03:04:05Z"),
            ("x-acs-signature-nonce", NONCE),
            ("x-acs-content-sha256", self.hash),
            ("authorization", &authorization),
        ];
        headers.extend(self.headers);
        request(self.line, &headers, self.body)
    }
}

const DESCRIBE: Acs3<'_> = Acs3 {
    line: "POST /?IncludeShadowTrails=false&NameList=audit-trail",
    action: "DescribeTrails",
    headers: &[],
    signed: BASE,
    hash: EMPTY,
    body: "",
    signature: "8d13d6832ae05ecc11cfe5cfe379ae6a8327105be85272249d2bb0ad72a6e0fe",
};

#[test]
fn times_may_have_a_fraction_of_a_second_in_both_signatures() {
    for text in ["2025-01-02T03:04:05Z", "2025-01-02T03:04:05.5Z", "2025-01-02T03:04:05.123456789Z"] {
        assert_eq!(parse_iso(text).unwrap().unix_timestamp(), NOW.unix_timestamp(), "{text}");
    }
    for text in ["2025-01-02T03:04:05", "2025-01-02T03:04:05+00:00", "2025-01-02", "20250102T030405Z", ""] {
        assert_eq!(parse_iso(text), Err(AuthError::DateFormat), "{text}");
    }
}

#[test]
fn acs3_vectors() {
    let selector_line = format!(
        "POST /?TrailName=audit_trail-1&EventSelectors={SELECTORS}&IsTrailAllRegion=true&TrailRegionIds="
    );
    let cases = [
        DESCRIBE,
        Acs3 {
            line: &selector_line,
            action: "PutDataEventSelector",
            headers: &[("x-acs-accesskey-id", "testid"), ("x-acs-security-token", "tok/en+AA==")],
            signed: "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;\
                     x-acs-signature-nonce;x-acs-version",
            signature: "573246ed23d38615aca06e320951798014f1a95ddd5d83552f29f9b6b0838b3d",
            ..DESCRIBE
        },
        Acs3 {
            line: "POST /",
            action: "CreateTrail",
            headers: &[("content-type", "application/x-www-form-urlencoded")],
            signed: "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version",
            hash: "544d37562d1892cff13cb723175f3a2443db937c97c8bf94b7bd8ca27bb33d2f",
            body: "Name=audit-trail&OssBucketName=audit-bucket&\
                   SlsProjectArn=acs%3Alog%3Acn-hangzhou%3A1234567890123456%3Aproject%2Faudit",
            signature: "28abfe5d4f426787e4af932f1f5dfa1ef8c8bf0fd6635cbc7c85415cb55f5913",
        },
        Acs3 {
            line: "GET /?Name=audit-trail",
            action: "StopLogging",
            signature: "361820796ff3cfa4d596fed933776144f0c1148cfbba9fe31751f7b8fead2639",
            ..DESCRIBE
        },
        Acs3 {
            line: "POST /?IncludeShadowTrails=False&NameList=audit-trail",
            headers: &[
                ("accept", "application/json"),
                ("user-agent", "ua-test/1.0"),
                ("x-acs-credentials-provider", "static_ak"),
            ],
            signed: "accept;host;user-agent;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;\
                     x-acs-signature-nonce;x-acs-version",
            signature: "b953ef85a756b9a1f626e2e86561c3bf50fb986ee5bd0d0d3ce91233141e6aa8",
            ..DESCRIBE
        },
    ];
    for case in &cases {
        let mut known = key("testsecret");
        known.token = (case.action == "PutDataEventSelector").then(|| Secret::new("tok/en+AA=="));
        let found = enter(&case.request(), "testid", &known, NOW);
        assert!(found.is_ok(), "{} {}: {found:?}", case.action, case.signature);
    }
}

/// The vendor's published example is for a service that the mock does not have, so it bypasses routing.
#[test]
fn acs3_published_example() {
    let request = request(
        "POST /?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
        &[
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-version", "2014-05-26"),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-content-sha256", EMPTY),
            (
                "authorization",
                "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;\
                 x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=x",
            ),
        ],
        "",
    );
    let claim = super::super::rpc::acs3(&request).unwrap();
    assert_eq!(
        claim.candidates,
        ["ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"]
    );
    let signature = claim.mac.sign("YourAccessKeySecret", &claim.candidates[0]);
    assert_eq!(signature, "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
}

#[test]
fn acs3_insists_on_what_protects_the_request() {
    let known = key("testsecret");
    let unsigned =
        Acs3 { signed: "host;x-acs-action;x-acs-date;x-acs-signature-nonce;x-acs-version", ..DESCRIBE };
    let error = enter(&unsigned.request(), "testid", &known, NOW).unwrap_err();
    assert_eq!(error, AuthError::Unsigned("x-acs-content-sha256".into()));
    let other_body = Acs3 { body: "x", ..DESCRIBE };
    assert_eq!(enter(&other_body.request(), "testid", &known, NOW).unwrap_err(), AuthError::BodyHash);
    let mut no_nonce = DESCRIBE.request();
    no_nonce.headers.remove("x-acs-signature-nonce");
    assert_eq!(
        enter(&no_nonce, "testid", &known, NOW).unwrap_err(),
        AuthError::Missing("x-acs-signature-nonce")
    );
    let mut other_action = DESCRIBE.request();
    other_action.headers.insert("x-acs-action", "DeleteTrail".parse().unwrap());
    assert!(matches!(enter(&other_action, "testid", &known, NOW), Err(AuthError::Mismatch { .. })));
}

#[test]
fn a_nonce_serves_once() {
    let known = key("testsecret");
    let request = DESCRIBE.request();
    let route = route::route(&request, Scheme::Acs3).unwrap();
    let nonces = Nonces::default();
    let keys = |_: &str| Some(known.clone());
    assert!(authenticate(&request, &route, Scheme::Acs3, &keys, &nonces, NOW).is_ok());
    let again = authenticate(&request, &route, Scheme::Acs3, &keys, &nonces, NOW).unwrap_err();
    assert_eq!(again, AuthError::NonceUsed);
}

fn v1_line(method: &str, query: &str, signature: &str) -> String {
    format!(
        "{method} /?AccessKeyId=testid&Format=json&SignatureMethod=HMAC-SHA1&SignatureNonce={NONCE}\
         &SignatureVersion=1.0&Timestamp=2025-01-02T03%3A04%3A05Z&Version=2020-07-06&{query}&Signature={signature}"
    )
}

#[test]
fn v1_vectors() {
    let host = ("host", "actiontrail.cn-hangzhou.aliyuncs.com");
    let stop = request(
        &v1_line("GET", "Action=StopLogging&Name=audit-trail", "2mmoPh%2Fd2dpnivc%2BWJlBrB1t%2FtY%3D"),
        &[host],
        "",
    );
    assert_eq!(
        v1_text(&stop),
        "GET&%2F&AccessKeyId%3Dtestid%26Action%3DStopLogging%26Format%3Djson%26Name%3Daudit-trail%26SignatureMethod%3D\
         HMAC-SHA1%26SignatureNonce%3D0f1e2d3c4b5a69788796a5b4c3d2e1f0%26SignatureVersion%3D1.0%26Timestamp%3D\
         2025-01-02T03%253A04%253A05Z%26Version%3D2020-07-06"
    );
    assert!(enter(&stop, "testid", &key("testsecret"), NOW).is_ok());
    let create = request(
        &v1_line("POST", "Action=CreateTrail", "D%2FOlp8hBIhZRFOG5KGgGq5tIdbw%3D"),
        &[host, ("content-type", "application/x-www-form-urlencoded")],
        "Name=audit-trail&OssBucketName=audit-bucket&\
         SlsProjectArn=acs%3Alog%3Acn-hangzhou%3A1234567890123456%3Aproject%2Faudit",
    );
    assert!(enter(&create, "testid", &key("testsecret"), NOW).is_ok());
    let put = request(
        &v1_line(
            "POST",
            &format!(
                "Action=PutDataEventSelector&SecurityToken=tok%2Fen%2BAA%3D%3D&TrailName=audit_trail-1\
                 &EventSelectors={SELECTORS}"
            ),
            "UKX3MVC%2B7L1Wk45dstZ62p8RtQI%3D",
        ),
        &[host],
        "",
    );
    let temporary = AccessKey { token: Some(Secret::new("tok/en+AA==")), ..key("testsecret") };
    assert!(enter(&put, "testid", &temporary, NOW).is_ok());
    let expired = AccessKey { expires: Some(NOW), ..temporary.clone() };
    assert_eq!(enter(&put, "testid", &expired, NOW).unwrap_err(), AuthError::TokenExpired);
    let other = AccessKey { token: Some(Secret::new("another")), ..temporary };
    assert_eq!(enter(&put, "testid", &other, NOW).unwrap_err(), AuthError::TokenMismatch);
    assert_eq!(enter(&put, "testid", &key("testsecret"), NOW).unwrap_err(), AuthError::TokenMismatch);
}

/// The vendor's published example, again for a service that the mock does not have.
#[test]
fn v1_published_example() {
    let request = request("GET /?TimeStamp=ignored", &[("host", "ecs.aliyuncs.com")], "");
    let query: Vec<(String, Option<String>)> = [
        ("AccessKeyId", "testid"),
        ("Action", "DescribeRegions"),
        ("Format", "XML"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2016-02-23T12:46:24Z"),
        ("Version", "2014-05-26"),
    ]
    .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
    .to_vec();
    let text = v1_text(&Request { query, ..request });
    assert_eq!(Mac::RpcSha1.sign("testsecret", &text), "OLeaidS1JvxuMvnyHOwuJ+uX5qY=");
}
