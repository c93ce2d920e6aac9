//! Signatures of OSS, produced by two official SDK signers, and vectors published in SDK test suites.

use super::*;
use crate::auth::oss::{v1_text, v4_canonical};

const BUCKET: &str = "audit-logs-example.oss-cn-hangzhou.aliyuncs.com";
const SERVICE: &str = "oss-cn-hangzhou.aliyuncs.com";
const VERSIONING: &str = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
const LIFECYCLE: &str = "<LifecycleConfiguration><Rule><ID>r1</ID><Prefix></Prefix><Status>Enabled</Status><Expiration>\
    <Days>400</Days></Expiration></Rule></LifecycleConfiguration>";
const WORM: &str =
    "<ExtendWormConfiguration><RetentionPeriodInDays>365</RetentionPeriodInDays></ExtendWormConfiguration>";
const XML: (&str, &str) = ("content-type", "application/xml");

struct Case {
    line: &'static str,
    host: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    v1: &'static str,
    hash: &'static str,
    v4: &'static str,
}

const CASES: &[Case] = &[
    Case {
        line: "GET /?max-keys=1000&prefix=audit-",
        host: SERVICE,
        headers: &[],
        body: "",
        v1: "c0L9Am2vXJYAPHEZDqZRTuXQvmE=",
        hash: "8b451fb0637b72cb24b17076cf6add8094c055155e948aa36fb41e75b203fbba",
        v4: "7138f2ca3036840ccaf59fda46edf85c740215c0552588e2e1d5cede6126f974",
    },
    Case {
        line: "PUT /",
        host: BUCKET,
        headers: &[XML, ("x-oss-acl", "private")],
        body: "",
        v1: "6+suemTRi3FAfL8qGGtD945jw24=",
        hash: "496b0afa5276fa4014bbc3836777fd9f7c8200b46f0d5c3400aab83dd20b6319",
        v4: "c1a140bc32760d73f1176712544dc4a1a01aa637fa942ee79dc860d1da5734d3",
    },
    Case {
        line: "PUT /?versioning",
        host: BUCKET,
        headers: &[XML, ("content-md5", "8qj8HSeDu3APPMQZVG06WQ==")],
        body: VERSIONING,
        v1: "kA0CjKGCKPHgbZLKNoKGNZrmZZo=",
        hash: "c230289d209fdb482bffb13519c666f9346adc033b9e91e65a69e8c4baf6dbec",
        v4: "b8dcd418262adeef4c99514ad9ce375e4aac7060bb0db5715446ecb4d778ad29",
    },
    Case {
        line: "GET /?bucketInfo",
        host: BUCKET,
        headers: &[("x-oss-security-token", "example-sts-token")],
        body: "",
        v1: "EEqPrcllXzCxAIrq0gY+fv3Z0oY=",
        hash: "2821be38a01058b50e0eed2cda3c25531cb22193e3aae8eb6d59e86a820f888c",
        v4: "c28772fed97b23fef8701ad4af64e449db0c4aece2558a159efceaf9135b3c4e",
    },
    Case {
        line: "PUT /?lifecycle",
        host: BUCKET,
        headers: &[
            XML,
            ("content-md5", "+j9fqkY1+l0d3e5NcnD4kg=="),
            ("x-oss-allow-same-action-overlap", "true"),
        ],
        body: LIFECYCLE,
        v1: "0L4S7Divcs7RzPEhX9bkxJ7KabM=",
        hash: "e81c0bd49f4c1f71077f389ece99465d9479b068864950dcf90c8608a921431f",
        v4: "363fbc58b88e9b66f7b14c96778b767f0d3cd91e46753a6ba1492f6ed2fea46d",
    },
    Case {
        line: "POST /?wormId=1666E2CFB2B3418&wormExtend",
        host: BUCKET,
        headers: &[XML, ("content-md5", "uzOPMaA13GxK8KzrR/swkQ==")],
        body: WORM,
        v1: "W1y+WGLoH4zyW6XMYxsiWvLSOpU=",
        hash: "ccb6279f90ec3a52675995a1d9ebdd26296135a07abf0c7c494d728731c778af",
        v4: "f7184ccb5c1b0425608642f7fb05d6f95d93f7f3eb230c8086d3d87008b3e1c0",
    },
    Case {
        line: "GET /?versions&encoding-type=url&prefix=AliyunLogs%2F%E5%AE%A1%E8%AE%A1%20a%2B&max-keys=1000",
        host: BUCKET,
        headers: &[],
        body: "",
        v1: "gnJQEIoN0Vy6Yu2/mA/U6kqcm4w=",
        hash: "d501fcedaba34304a00b35b442d56f58ff106629e69873d93f12bbaee0bf2236",
        v4: "f1403799f0fb0f87315e0c9f3d2f8f1c153e4b57b46bd2da0e9d8f69c5e7e52b",
    },
    Case {
        line: "PUT /dir%20a/%E5%AE%A1%E8%AE%A1%2B1.gz",
        host: BUCKET,
        headers: &[("content-type", "application/gzip")],
        body: "",
        v1: "Hyi1gH2MbtppnBPht6W6czSx5vw=",
        hash: "9914719c93e971ed610760c5c6744f736809f4d5819be1d44a61ff30e29d5635",
        v4: "1e64ec7c825240c6925e2759c67cbfb2b5ca3f415c428647801319ab7df9226f",
    },
];

/// The same request as a client sends it to an address instead of a bucket's host.
fn path_style(line: &str, host: &str) -> String {
    let (method, target) = line.split_once(' ').unwrap();
    let bucket = host.strip_suffix(".oss-cn-hangzhou.aliyuncs.com").map(|bucket| format!("/{bucket}"));
    format!("{method} {}{target}", bucket.unwrap_or_default())
}

fn known(case: &Case) -> AccessKey {
    let temporary = case.headers.iter().any(|(name, _)| *name == "x-oss-security-token");
    AccessKey { token: temporary.then(|| Secret::new("example-sts-token")), ..key("example-ak-secret") }
}

#[test]
fn v1_vectors() {
    for case in CASES {
        let authorization = format!("OSS example-ak-id:{}", case.v1);
        let mut headers =
            vec![("date", "Thu, 15 Jan 2026 08:30:00 GMT"), ("authorization", authorization.as_str())];
        headers.extend(case.headers);
        headers.push(("host", case.host));
        let hosted = request(case.line, &headers, case.body);
        let found = enter(&hosted, "example-ak-id", &known(case), OSS_NOW);
        assert!(found.is_ok(), "{}: {found:?}", case.line);
        headers.pop();
        headers.push(("host", "127.0.0.1:8080"));
        let addressed = request(&path_style(case.line, case.host), &headers, case.body);
        let found = enter(&addressed, "example-ak-id", &known(case), OSS_NOW);
        assert!(found.is_ok(), "{} path style: {found:?}", case.line);
    }
}

#[test]
fn v4_vectors() {
    for case in CASES {
        let authorization = format!(
            "OSS4-HMAC-SHA256 Credential=example-ak-id/20260115/cn-hangzhou/oss/aliyun_v4_request, Signature={}",
            case.v4
        );
        let mut headers = vec![
            ("x-oss-date", "20260115T083000Z"),
            ("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
            ("authorization", authorization.as_str()),
        ];
        headers.extend(case.headers);
        headers.push(("host", case.host));
        let hosted = request(case.line, &headers, case.body);
        let route = route::route(&hosted, Scheme::OssV4).unwrap();
        let canonical = v4_canonical(&hosted, &route, "");
        assert_eq!(crypto::sha256_hex(canonical.as_bytes()), case.hash, "{canonical}");
        let found = enter(&hosted, "example-ak-id", &known(case), OSS_NOW);
        assert!(found.is_ok(), "{}: {found:?}", case.line);
        headers.pop();
        headers.push(("host", "127.0.0.1:8080"));
        let addressed = request(&path_style(case.line, case.host), &headers, case.body);
        let found = enter(&addressed, "example-ak-id", &known(case), OSS_NOW);
        assert!(found.is_ok(), "{} path style: {found:?}", case.line);
    }
}

#[test]
fn v4_with_additional_headers_in_any_order() {
    for fields in [
        "AdditionalHeaders=content-length;host,Signature=SIG",
        "Signature=SIG, AdditionalHeaders=host;content-length",
    ] {
        let signature = "6477aacc3179e63e872959b50773caf30b6ac59d59585005ec3521b7623f5abd";
        let authorization = format!(
            "OSS4-HMAC-SHA256 Credential=example-ak-id/20260115/cn-hangzhou/oss/aliyun_v4_request,{}",
            fields.replace("SIG", signature)
        );
        let request = request(
            "PUT /?versioning",
            &[
                XML,
                ("host", BUCKET),
                ("content-length", "75"),
                ("content-md5", "8qj8HSeDu3APPMQZVG06WQ=="),
                ("x-oss-date", "20260115T083000Z"),
                ("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
                ("authorization", &authorization),
            ],
            VERSIONING,
        );
        let found = enter(&request, "example-ak-id", &key("example-ak-secret"), OSS_NOW);
        assert!(found.is_ok(), "{fields}: {found:?}");
    }
}

#[test]
fn presigned_links() {
    let temporary = AccessKey { token: Some(Secret::new("example-sts-token")), ..key("example-ak-secret") };
    for line in [
        "GET /?bucketInfo&OSSAccessKeyId=example-ak-id&Expires=1768466700&security-token=example-sts-token\
         &Signature=y5hBp%2FuMj37sGnhiAln8BdC4Y4c%3D",
        "GET /?bucketInfo&x-oss-credential=example-ak-id%2F20260115%2Fcn-hangzhou%2Foss%2Faliyun_v4_request\
         &x-oss-date=20260115T083000Z&x-oss-expires=900&x-oss-security-token=example-sts-token\
         &x-oss-signature-version=OSS4-HMAC-SHA256\
         &x-oss-signature=38592e50d1f61abae50ea84c70ff39c79a24b1f7a130f34117f89e3106e9b993",
    ] {
        let request = request(line, &[("host", BUCKET)], "");
        let found = enter(&request, "example-ak-id", &temporary, OSS_NOW);
        assert!(found.is_ok(), "{line}: {found:?}");
        let late = enter(&request, "example-ak-id", &temporary, OSS_NOW + Duration::seconds(901));
        assert_eq!(late.unwrap_err(), AuthError::LinkExpired, "{line}");
    }
}

#[test]
fn v1_vectors_of_an_sdk() {
    let date = "Wed, 28 Dec 2022 10:27:41 GMT";
    for (line, headers, signature) in [
        ("GET /?resourceGroup", &[][..], "vkQmfuUDyi1uDi3bKt67oemssIs="),
        ("GET /?acl&resourceGroup", &[], "x3E5TgOvl/i7PN618s5mEvpJDYk="),
        (
            "PUT /nelson",
            &[
                ("content-md5", "eB5eJF1ptWaXm4bijSPyxw=="),
                ("content-type", "text/html"),
                ("x-oss-meta-author", "alice"),
                ("x-oss-meta-magic", "abracadabra"),
            ],
            "kSHKmLxlyEAKtZPkJhG9bZb5k7M=",
        ),
    ] {
        let mut all = vec![("host", "examplebucket.oss-cn-hangzhou.aliyuncs.com"), ("x-oss-date", date)];
        all.extend(headers);
        let request = request(line, &all, "");
        let route = route::route(&request, Scheme::OssV1).unwrap();
        assert_eq!(Mac::Base64Sha1.sign("sk", &v1_text(&request, &route, date)), signature, "{line}");
    }
}

#[test]
fn v4_vectors_of_an_sdk() {
    for (date, more, additional, signature) in [
        ("20231216T162057Z", None, "", "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe"),
        (
            "20231217T034736Z",
            Some(("x-oss-security-token", "token")),
            "",
            "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea",
        ),
        (
            "20231216T172512Z",
            None,
            ",AdditionalHeaders=abc;zabc",
            "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
        ),
    ] {
        let authorization = format!(
            "OSS4-HMAC-SHA256 Credential=ak/{}/cn-hangzhou/oss/aliyun_v4_request{additional},Signature={signature}",
            &date[..8]
        );
        let mut headers = vec![
            ("host", "bucket.oss-cn-hangzhou.aliyuncs.com"),
            ("content-type", "text/plain"),
            ("x-oss-head1", "value"),
            ("abc", "value"),
            ("zabc", "value"),
            ("xyz", "value"),
            ("x-oss-date", date),
            ("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
            ("authorization", &authorization),
        ];
        headers.extend(more);
        let line = "PUT /1234%2B-/123/1.txt?%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2";
        let known = AccessKey { token: more.map(|(_, token)| Secret::new(token)), ..key("sk") };
        let found = enter(&request(line, &headers, ""), "ak", &known, parse_compact(date).unwrap());
        assert!(found.is_ok(), "{date}: {found:?}");
    }
}
