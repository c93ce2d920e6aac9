//! Objects as clients use them: ranges, conditions, tags, ACLs, copies and appends.

use http::{HeaderValue, Method};

use super::{BUCKET, Cloud};

const ENABLED: &str = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";

fn with_key(body: &str) -> Cloud {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/key", body).ok();
    cloud
}

fn tags(pairs: &[(&str, &str)]) -> String {
    let all: String = pairs
        .iter()
        .map(|(key, value)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>"))
        .collect();
    format!("<Tagging><TagSet>{all}</TagSet></Tagging>")
}

#[test]
fn ranges() {
    let mut cloud = with_key("0123456789");
    for (range, text, shown) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-1", "9", "bytes 9-9/10"),
    ] {
        let part = cloud.with(Method::GET, "/key", &[("range", range)], "");
        assert_eq!((part.status.as_u16(), part.text.as_str()), (206, text), "{range}");
        assert_eq!((part.header("content-range"), part.header("accept-ranges")), (shown, "bytes"));
        // Checksums are those of the whole object.
        assert_eq!(part.header("content-md5"), "eB5eJF1ptWaXm4bijSPyxw==");
    }
    let beyond = cloud.with(Method::GET, "/key", &[("range", "bytes=10-")], "");
    assert_eq!(
        (beyond.status.as_u16(), beyond.text.as_str(), beyond.header("content-range")),
        (200, "0123456789", "")
    );
    let standard = [("range", "bytes=10-"), ("x-oss-range-behavior", "standard")];
    let refused = cloud.with(Method::GET, "/key", &standard, "");
    assert_eq!((refused.error(), refused.header("content-range")), ((416, "InvalidRange"), "bytes */10"));
    assert_eq!(
        cloud.with(Method::HEAD, "/key", &[("range", "bytes=2-4")], "").ok().header("content-length"),
        "10"
    );
}

#[test]
fn conditions() {
    let mut cloud = with_key("content");
    let etag = cloud.get("/key").ok().header("etag").to_owned();
    let (then, before, later) =
        ("Thu, 15 Jan 2026 08:30:00 GMT", "Thu, 15 Jan 2026 08:29:59 GMT", "Thu, 15 Jan 2026 08:30:01 GMT");
    for (name, value, status) in [
        ("if-match", etag.as_str(), 200),
        ("if-match", etag.trim_matches('"'), 200),
        ("if-match", "\"other\"", 412),
        ("if-none-match", &etag, 304),
        ("if-none-match", "\"other\"", 200),
        ("if-modified-since", before, 200),
        ("if-modified-since", then, 304),
        ("if-modified-since", later, 304),
        ("if-modified-since", "yesterday", 200),
        ("if-unmodified-since", before, 412),
        ("if-unmodified-since", then, 200),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let seen = cloud.with(method, "/key", &[(name, value)], "");
            assert_eq!(seen.status.as_u16(), status, "{name}: {value}");
            if status == 304 {
                assert_eq!((seen.text.as_str(), seen.header("etag")), ("", etag.as_str()));
            }
        }
    }
}

#[test]
fn what_an_answer_says_of_the_object() {
    let mut cloud = Cloud::with_bucket();
    let put = cloud.put("/key", "123456789").ok();
    assert_eq!(put.header("x-oss-hash-crc64ecma"), "11051210869376104954");
    assert_eq!(put.header("content-md5"), "JfnnlDI7RTiF9RgfG2JNCw==");
    let got = cloud.get("/key").ok();
    assert_eq!(got.header("content-type"), "application/octet-stream");
    assert_eq!(got.header("x-oss-hash-crc64ecma"), "11051210869376104954");
    let shown = cloud.get("/key?response-content-type=text/plain&response-cache-control=no-cache").ok();
    assert_eq!((shown.header("content-type"), shown.header("cache-control")), ("text/plain", "no-cache"));
}

#[test]
fn tags_of_objects() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/?versioning", ENABLED).ok();
    let first = cloud.with(Method::PUT, "/key", &[("x-oss-tagging", "a=b%20c&d")], "one").ok();
    let first = first.header("x-oss-version-id").to_owned();
    assert_eq!(cloud.get("/key").ok().header("x-oss-tagging-count"), "2");
    cloud.put("/key", "two").ok();
    assert_eq!(cloud.get("/key?tagging=").ok().element("Key"), None);
    cloud.put("/key?tagging=", &tags(&[("hold", "legal")])).ok();
    assert_eq!(cloud.get("/key?tagging").ok().element("Value"), Some("legal"));
    let old = cloud.get(&format!("/key?tagging&versionId={first}")).ok();
    assert_eq!((old.element("Value"), old.header("x-oss-version-id")), (Some("b c"), first.as_str()));
    assert_eq!(cloud.delete("/key?tagging").ok().status, 204);
    assert_eq!(cloud.get("/key?tagging").ok().element("Key"), None);
    assert_eq!(cloud.get("/key").ok().text, "two");
    assert_eq!(cloud.get("/none?tagging").error(), (404, "NoSuchKey"));
    let many: Vec<(String, &str)> = (0..11).map(|number| (format!("k{number}"), "v")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    for wrong in [many.as_slice(), &[("a", "b"), ("a", "c")], &[("a!", "b")]] {
        assert_eq!(cloud.put("/key?tagging", &tags(wrong)).error(), (400, "InvalidTag"));
    }
}

#[test]
fn acls_of_objects() {
    let mut cloud = with_key("content");
    assert_eq!(cloud.get("/key?acl").ok().element("Grant"), Some("default"));
    let open = [("x-oss-object-acl", "public-read")];
    assert_eq!(cloud.with(Method::PUT, "/key?acl", &open, "").error(), (403, "AccessDenied"));
    cloud.delete("/?publicAccessBlock").ok();
    cloud.with(Method::PUT, "/key?acl=", &open, "").ok();
    assert_eq!(cloud.get("/key?acl=").ok().element("Grant"), Some("public-read"));
    for wrong in ["", "open"] {
        let acl = [("x-oss-object-acl", wrong)];
        assert_eq!(
            cloud.with(Method::PUT, "/key?acl", &acl, "").error(),
            (400, "InvalidArgument"),
            "{wrong}"
        );
    }
    cloud.with(Method::PUT, "/new", &[("x-oss-object-acl", "private")], "x").ok();
    assert_eq!(cloud.get("/new?acl").ok().element("Grant"), Some("private"));
}

#[test]
fn copies() {
    let mut cloud = Cloud::with_bucket();
    let headers = [("content-type", "text/plain"), ("x-oss-meta-a", "b"), ("x-oss-tagging", "t=1")];
    let put = cloud.with(Method::PUT, "/审计 a+1", &headers, "content").ok();
    let source = format!("/{BUCKET}/%E5%AE%A1%E8%AE%A1%20a%2B1");
    let from = ("x-oss-copy-source", source.as_str());
    let copy = cloud.with(Method::PUT, "/copy", &[from], "").ok();
    assert_eq!(copy.element("ETag"), Some(put.header("etag")));
    let got = cloud.get("/copy").ok();
    assert_eq!(
        (got.text.as_str(), got.header("content-type"), got.header("x-oss-meta-a")),
        ("content", "text/plain", "b")
    );
    assert_eq!(got.header("x-oss-tagging-count"), "1");
    let replaced = [
        from,
        ("x-oss-metadata-directive", "REPLACE"),
        ("x-oss-meta-c", "d"),
        ("x-oss-tagging-directive", "Replace"),
    ];
    cloud.with(Method::PUT, "/copy", &replaced, "").ok();
    let got = cloud.get("/copy").ok();
    assert_eq!((got.header("x-oss-meta-a"), got.header("x-oss-meta-c")), ("", "d"));
    assert_eq!(got.header("x-oss-tagging-count"), "");
    // Onto itself: the headers of the request.
    let itself = ("x-oss-copy-source", format!("/{BUCKET}/copy"));
    cloud.with(Method::PUT, "/copy", &[(itself.0, &itself.1), ("x-oss-meta-e", "f")], "").ok();
    assert_eq!(cloud.get("/copy").ok().header("x-oss-meta-e"), "f");
    for (name, value, status) in [
        ("x-oss-copy-source-if-match", "\"other\"", 412),
        ("x-oss-copy-source-if-none-match", put.header("etag"), 304),
        ("x-oss-copy-source-if-unmodified-since", "Thu, 15 Jan 2025 08:30:00 GMT", 412),
        ("x-oss-forbid-overwrite", "true", 409),
        ("x-oss-metadata-directive", "MERGE", 400),
    ] {
        assert_eq!(
            cloud.with(Method::PUT, "/copy", &[from, (name, value)], "").status.as_u16(),
            status,
            "{name}"
        );
    }
    for (source, error) in [
        (format!("/{BUCKET}/none"), (404, "NoSuchKey")),
        ("/no-such-bucket/key".to_owned(), (404, "NoSuchBucket")),
        ("nonsense".to_owned(), (400, "InvalidArgument")),
    ] {
        assert_eq!(cloud.with(Method::PUT, "/copy", &[("x-oss-copy-source", &source)], "").error(), error);
    }
    assert_eq!(cloud.get("/copy").ok().text, "content");
}

#[test]
fn a_copy_reads_only_buckets_of_the_own_account() {
    let mut cloud = with_key("secret");
    cloud.account = "2000000000000002".into();
    let mut make = cloud.call(Method::PUT, "foreign-bucket", "/");
    cloud.send(&make).ok();
    make = cloud.call(Method::PUT, "foreign-bucket", "/copy");
    make.headers.insert("x-oss-copy-source", HeaderValue::from_str(&format!("/{BUCKET}/key")).unwrap());
    assert_eq!(cloud.send(&make).error(), (403, "AccessDenied"));
}

#[test]
fn parts_are_copied_and_have_a_least_size() {
    let mut cloud = with_key(&"0123456789".repeat(20_000));
    let id = cloud.post("/big?uploads&encoding-type=url", "").ok().element("UploadId").unwrap().to_owned();
    let source = format!("/{BUCKET}/key");
    let part = |number: u32| format!("/big?partNumber={number}&uploadId={id}");
    let copied = |cloud: &mut Cloud, number: u32, range: &str| {
        let headers = [("x-oss-copy-source", source.as_str()), ("x-oss-copy-source-range", range)];
        let seen = cloud.with(Method::PUT, &part(number), &headers, "").ok();
        seen.element("ETag").unwrap().replace('"', "")
    };
    let one = copied(&mut cloud, 1, "bytes=0-102399");
    let small = copied(&mut cloud, 2, "bytes=0-9");
    let last = copied(&mut cloud, 3, "bytes=5-9");
    let complete = |parts: &[(u32, &str)]| {
        let all: String = parts
            .iter()
            .map(|(number, etag)| {
                format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
            })
            .collect();
        format!("<CompleteMultipartUpload>{all}</CompleteMultipartUpload>")
    };
    let target = format!("/big?uploadId={id}");
    let too_small = complete(&[(1, &one), (2, &small), (3, &last)]);
    assert_eq!(cloud.post(&target, &too_small).error(), (400, "EntityTooSmall"));
    cloud.put("/big", "there").ok();
    let right = complete(&[(1, &one), (3, &last)]);
    let forbid = [("x-oss-forbid-overwrite", "true")];
    let refused = cloud.with(Method::POST, &target, &forbid, &right);
    assert_eq!(refused.error(), (409, "FileAlreadyExists"));
    cloud.post(&target, &right).ok();
    let big = cloud.get("/big").ok();
    assert_eq!((big.text.len(), &big.text[102_400..]), (102_405, "56789"));
}

#[test]
fn appending() {
    let mut cloud = with_key("whole");
    let first = cloud.post("/log?append&position=0", "one,").ok();
    assert_eq!(first.header("x-oss-next-append-position"), "4");
    cloud.post("/log?append=&position=4", "two").ok();
    let got = cloud.get("/log").ok();
    assert_eq!((got.text.as_str(), got.header("x-oss-object-type")), ("one,two", "Appendable"));
    assert_eq!((got.header("x-oss-next-append-position"), got.header("content-md5")), ("7", ""));
    let behind = cloud.post("/log?append&position=4", "x");
    assert_eq!(behind.error(), (409, "PositionNotEqualToLength"));
    assert_eq!(behind.header("x-oss-next-append-position"), "7");
    assert_eq!(cloud.post("/key?append&position=5", "x").error(), (409, "ObjectNotAppendable"));
    assert_eq!(cloud.post("/log?append&position=x", "x").error(), (400, "InvalidArgument"));
    assert_eq!(cloud.post("/other?append&position=3", "x").error(), (409, "PositionNotEqualToLength"));
    assert_eq!(cloud.get("/other").error(), (404, "NoSuchKey"));
}

#[test]
fn forbidding_to_overwrite_is_void_with_versions() {
    let mut cloud = with_key("one");
    let forbid = [("x-oss-forbid-overwrite", "true")];
    assert_eq!(cloud.with(Method::PUT, "/key", &forbid, "two").error(), (409, "FileAlreadyExists"));
    cloud.put("/?versioning", ENABLED).ok();
    cloud.with(Method::PUT, "/key", &forbid, "two").ok();
    cloud.put("/?versioning", &ENABLED.replace("Enabled", "Suspended")).ok();
    cloud.with(Method::PUT, "/key", &forbid, "three").ok();
    assert_eq!(cloud.get("/key").ok().text, "three");
}

#[test]
fn lists_encode_every_key_that_they_repeat() {
    let mut cloud = Cloud::with_bucket();
    for key in ["/a/1", "/a/2", "/a/3"] {
        cloud.put(key, "x").ok();
    }
    let page = cloud.get("/?list-type=2&encoding-type=url&prefix=a/&start-after=a/1&max-keys=1").ok();
    assert_eq!(
        (page.element("StartAfter"), page.element("NextContinuationToken")),
        (Some("a%2F1"), Some("a%2F2"))
    );
    let next = cloud.get("/?list-type=2&encoding-type=url&delimiter=/&continuation-token=a/2&prefix=a/").ok();
    assert_eq!((next.element("ContinuationToken"), next.element("Delimiter")), (Some("a%2F2"), Some("%2F")));
    assert_eq!(next.element("Key"), Some("a%2F3"));
    let location = cloud.get("/?location").ok();
    assert!(location.text.ends_with("<LocationConstraint>oss-cn-hangzhou</LocationConstraint>"));
}

#[test]
fn lifecycle_rules_go_by_tags_of_objects() {
    let mut cloud = Cloud::with_bucket();
    cloud.with(Method::PUT, "/kept", &[("x-oss-tagging", "keep=no")], "x").ok();
    cloud.with(Method::PUT, "/gone", &[("x-oss-tagging", "keep=never")], "x").ok();
    let rule = "<LifecycleConfiguration><Rule><ID>r</ID><Prefix/><Status>Enabled</Status><Tag><Key>keep</Key>\
                <Value>never</Value></Tag><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>";
    cloud.put("/?lifecycle", rule).ok();
    cloud.pass(time::Duration::days(3));
    assert_eq!(cloud.get("/gone").error(), (404, "NoSuchKey"));
    cloud.get("/kept").ok();
}
