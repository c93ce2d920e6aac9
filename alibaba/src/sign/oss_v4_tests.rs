use super::*;
use crate::sign::pairs;

const DATE: &str = "20260115T083000Z";
const BUCKET: &str = "audit-logs-example";

struct Vector<'v> {
    method: &'v str,
    bucket: Option<&'v str>,
    key: &'v str,
    query: &'v [(&'v str, &'v str)],
    headers: &'v [(&'v str, &'v str)],
    additional: &'v [&'v str],
    hash: &'v str,
    signature: &'v str,
}

impl Default for Vector<'_> {
    fn default() -> Self {
        Self {
            method: "GET",
            bucket: Some(BUCKET),
            key: "",
            query: &[],
            headers: &[],
            additional: &[],
            hash: "",
            signature: "",
        }
    }
}

fn check(vector: &Vector<'_>) -> Signed {
    let mut headers = pairs(&[
        ("x-oss-date", DATE),
        ("x-oss-content-sha256", UNSIGNED_PAYLOAD),
        ("Date", "Thu, 15 Jan 2026 08:30:00 GMT"),
        ("Host", "audit-logs-example.oss-cn-hangzhou.aliyuncs.com"),
        ("Content-Length", "75"),
    ]);
    headers.extend(pairs(vector.headers));
    let request = Request {
        method: vector.method,
        bucket: vector.bucket,
        key: vector.key,
        query: &pairs(vector.query),
        headers: &headers,
        additional: vector.additional,
        region: "cn-hangzhou",
        date: DATE,
    };
    let signed = sign(&request, &Credentials::new("example-ak-id", "example-ak-secret"));
    assert_eq!(sha256_hex(signed.canonical_request.as_bytes()), vector.hash, "{}", signed.canonical_request);
    assert_eq!(signed.signature, vector.signature);
    signed
}

#[test]
fn the_key_is_derived_step_by_step() {
    let mut key = b"aliyun_v4example-ak-secret".to_vec();
    for (part, expected) in [
        ("20260115", "ac29b69c7a8145ec54fa85746edffab5ba5a18a2f5864546b35a66fab3b6383d"),
        ("cn-hangzhou", "4c68b012bfcbac05be04c18b04beb09292eb343ae4709ac5ff3b3fdcdfc47eb1"),
        ("oss", "811010d0505fafc4bace6acf474a1f55916fb1c6f2e31238507808d390555fd5"),
        ("aliyun_v4_request", "d9035ae63ad069aeb0262149ce47c82312728fe69fe7146bac658af30a02903b"),
    ] {
        key = hmac_sha256(&key, part.as_bytes());
        assert_eq!(hex(&key), expected, "{part}");
    }
    assert_eq!(v4_key("example-ak-secret", "20260115", "cn-hangzhou", "oss"), key);
}

#[test]
fn vector_1_list_buckets() {
    let signed = check(&Vector {
        bucket: None,
        query: &[("prefix", "audit-"), ("max-keys", "1000")],
        hash: "8b451fb0637b72cb24b17076cf6add8094c055155e948aa36fb41e75b203fbba",
        signature: "7138f2ca3036840ccaf59fda46edf85c740215c0552588e2e1d5cede6126f974",
        ..Vector::default()
    });
    assert_eq!(
        signed.canonical_request,
        "GET\n/\nmax-keys=1000&prefix=audit-\nx-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:20260115T083000Z\n\n\n\
         UNSIGNED-PAYLOAD"
    );
    assert_eq!(
        signed.authorization,
        "OSS4-HMAC-SHA256 Credential=example-ak-id/20260115/cn-hangzhou/oss/aliyun_v4_request,\
         Signature=7138f2ca3036840ccaf59fda46edf85c740215c0552588e2e1d5cede6126f974"
    );
}

#[test]
fn vector_2_create_a_bucket() {
    check(&Vector {
        method: "PUT",
        headers: &[("Content-Type", "application/xml"), ("x-oss-acl", "private")],
        hash: "496b0afa5276fa4014bbc3836777fd9f7c8200b46f0d5c3400aab83dd20b6319",
        signature: "c1a140bc32760d73f1176712544dc4a1a01aa637fa942ee79dc860d1da5734d3",
        ..Vector::default()
    });
}

const VERSIONING: &[(&str, &str)] =
    &[("Content-Type", "application/xml"), ("Content-MD5", "8qj8HSeDu3APPMQZVG06WQ==")];

#[test]
fn vector_3_versioning() {
    check(&Vector {
        method: "PUT",
        query: &[("versioning", "")],
        headers: VERSIONING,
        hash: "c230289d209fdb482bffb13519c666f9346adc033b9e91e65a69e8c4baf6dbec",
        signature: "b8dcd418262adeef4c99514ad9ce375e4aac7060bb0db5715446ecb4d778ad29",
        ..Vector::default()
    });
}

#[test]
fn vector_4_with_a_token() {
    check(&Vector {
        query: &[("bucketInfo", "")],
        headers: &[("x-oss-security-token", "example-sts-token")],
        hash: "2821be38a01058b50e0eed2cda3c25531cb22193e3aae8eb6d59e86a820f888c",
        signature: "c28772fed97b23fef8701ad4af64e449db0c4aece2558a159efceaf9135b3c4e",
        ..Vector::default()
    });
}

#[test]
fn vector_5_lifecycle() {
    check(&Vector {
        method: "PUT",
        query: &[("lifecycle", "")],
        headers: &[
            ("Content-Type", "application/xml"),
            ("Content-MD5", "+j9fqkY1+l0d3e5NcnD4kg=="),
            ("X-OSS-Allow-Same-Action-Overlap", " true "),
        ],
        hash: "e81c0bd49f4c1f71077f389ece99465d9479b068864950dcf90c8608a921431f",
        signature: "363fbc58b88e9b66f7b14c96778b767f0d3cd91e46753a6ba1492f6ed2fea46d",
        ..Vector::default()
    });
}

#[test]
fn vector_6_extend_worm() {
    check(&Vector {
        method: "POST",
        query: &[("wormId", "1666E2CFB2B3418"), ("wormExtend", "")],
        headers: &[("Content-Type", "application/xml"), ("Content-MD5", "uzOPMaA13GxK8KzrR/swkQ==")],
        hash: "ccb6279f90ec3a52675995a1d9ebdd26296135a07abf0c7c494d728731c778af",
        signature: "f7184ccb5c1b0425608642f7fb05d6f95d93f7f3eb230c8086d3d87008b3e1c0",
        ..Vector::default()
    });
}

#[test]
fn vector_7_list_versions_with_a_unicode_prefix() {
    check(&Vector {
        query: &[
            ("versions", ""),
            ("encoding-type", "url"),
            ("prefix", "AliyunLogs/审计 a+"),
            ("max-keys", "1000"),
        ],
        hash: "d501fcedaba34304a00b35b442d56f58ff106629e69873d93f12bbaee0bf2236",
        signature: "f1403799f0fb0f87315e0c9f3d2f8f1c153e4b57b46bd2da0e9d8f69c5e7e52b",
        ..Vector::default()
    });
}

#[test]
fn vector_8_put_an_object() {
    check(&Vector {
        method: "PUT",
        key: "dir a/审计+1.gz",
        headers: &[("Content-Type", "application/gzip")],
        hash: "9914719c93e971ed610760c5c6744f736809f4d5819be1d44a61ff30e29d5635",
        signature: "1e64ec7c825240c6925e2759c67cbfb2b5ca3f415c428647801319ab7df9226f",
        ..Vector::default()
    });
}

#[test]
fn vector_9_additional_headers() {
    let signed = check(&Vector {
        method: "PUT",
        query: &[("versioning", "")],
        headers: VERSIONING,
        additional: &["host", "content-length"],
        hash: "4f8ed2136056f3238173e2b622119ac52efb0bf14b7c1feb756f120c672f172e",
        signature: "6477aacc3179e63e872959b50773caf30b6ac59d59585005ec3521b7623f5abd",
        ..Vector::default()
    });
    assert!(signed.authorization.contains(",AdditionalHeaders=content-length;host,Signature="));
}

#[test]
fn vectors_of_redundancy_transition_and_account_block() {
    let xml: &[(&str, &str)] = &[("Content-Type", "application/xml")];
    for (method, bucket, query, hash, signature) in [
        (
            "POST",
            Some(BUCKET),
            &[("redundancyTransition", ""), ("x-oss-target-redundancy-type", "ZRS")][..],
            "3867d30a9c328a04af62a18fa4ec2599c750874ca8eb97c16103c9b2fe12ad42",
            "8ced22c841c955bb658b2507e85cffb091b596ddbe3a1b3c20499d9bb3fe9e94",
        ),
        (
            "GET",
            Some(BUCKET),
            &[
                ("redundancyTransition", ""),
                ("x-oss-redundancy-transition-taskid", "4be5beb0f74f490186311b268bf60000"),
            ],
            "5c6fa5b7ba8c2d244ef6a553b0953100535e29ca9cac805ede7482d18c0a033d",
            "74b77e3d3b5fd073744a6a65775d40ccc76339b31db7dd27e6cd9faca41edb36",
        ),
        (
            "GET",
            None,
            &[("redundancyTransition", ""), ("continuation-token", ""), ("max-keys", "10")],
            "2f56989376dd2c517904167a30d6960c3ce25b33edb00095a5e955709d5824c4",
            "9d996d060203f95ec40f4face41545c57cdb27f6bf30c2ec59aa3969fcab4f33",
        ),
        (
            "PUT",
            None,
            &[("publicAccessBlock", "")],
            "c7bbe5077bce9d5d170ee5afd36314cabf47366276ef4f13fd543748222f913c",
            "6abea2e4ba50a2fed9b23f5061db85eaef92969dc0c07405035356cb86116226",
        ),
    ] {
        check(&Vector { method, bucket, query, headers: xml, hash, signature, ..Vector::default() });
    }
}

#[test]
fn vectors_of_the_official_client_tests() {
    let query = pairs(&[
        ("+param1", "value3"),
        ("|param1", "value4"),
        ("+param2", ""),
        ("|param2", ""),
        ("param1", "value1"),
        ("param2", ""),
    ]);
    assert_eq!(
        canonical_query(&query),
        "%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2"
    );
    let plain: &[(&str, &str)] = &[
        ("content-type", "text/plain"),
        ("x-oss-head1", "value"),
        ("abc", "value"),
        ("ZAbc", "value"),
        ("XYZ", "value"),
    ];
    for (date, token, additional, signature) in [
        (
            "20231216T162057Z",
            None,
            &[][..],
            "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe",
        ),
        (
            "20231217T034736Z",
            Some("token"),
            &[],
            "b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea",
        ),
        (
            "20231216T172512Z",
            None,
            &["abc", "zabc"],
            "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f",
        ),
    ] {
        let mut headers = pairs(plain);
        headers.extend(pairs(&[("x-oss-date", date), ("x-oss-content-sha256", UNSIGNED_PAYLOAD)]));
        headers.extend(token.map(|token| ("x-oss-security-token".to_owned(), token.to_owned())));
        let request = Request {
            method: "PUT",
            bucket: Some("bucket"),
            key: "1234+-/123/1.txt",
            query: &query,
            headers: &headers,
            additional,
            region: "cn-hangzhou",
            date,
        };
        assert_eq!(sign(&request, &Credentials::new("ak", "sk")).signature, signature, "{date}");
    }
}
