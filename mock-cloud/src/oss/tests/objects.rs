//! Objects, versions, lists and multipart uploads.

use http::Method;

use super::{BUCKET, Cloud};

fn versioned() -> Cloud {
    let mut cloud = Cloud::with_bucket();
    cloud
        .put("/?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        .ok();
    cloud
}

#[test]
fn objects_are_stored_and_read() {
    let mut cloud = Cloud::with_bucket();
    let headers = [("content-type", "application/gzip"), ("x-oss-meta-a", "b")];
    let put = cloud.with(Method::PUT, "/dir a/审计+1.gz", &headers, "content").ok();
    let got = cloud.get("/dir a/审计+1.gz").ok();
    assert_eq!(got.text, "content");
    assert_eq!(got.header("etag"), put.header("etag"));
    assert_eq!((got.header("content-type"), got.header("x-oss-meta-a")), ("application/gzip", "b"));
    assert_eq!(got.header("last-modified"), "Thu, 15 Jan 2026 08:30:00 GMT");
    let head = cloud.with(Method::HEAD, "/dir a/审计+1.gz", &[], "").ok();
    assert_eq!((head.text.as_str(), head.header("content-length")), ("", "7"));
    assert_eq!(cloud.delete("/").error(), (409, "BucketNotEmpty"));
    assert_eq!(cloud.delete("/dir a/审计+1.gz").ok().status, 204);
    assert_eq!(cloud.delete("/never").ok().status, 204);
    assert_eq!(cloud.get("/dir a/审计+1.gz").error(), (404, "NoSuchKey"));
    cloud.delete("/").ok();
}

#[test]
fn what_is_not_served_says_so() {
    let mut cloud = Cloud::with_bucket();
    for header in ["x-oss-callback", "x-oss-storage-class"] {
        assert_eq!(
            cloud.with(Method::PUT, "/key", &[(header, "x")], "").error(),
            (400, "NotImplemented"),
            "{header}"
        );
    }
    assert_eq!(cloud.get("/key?symlink").error(), (400, "NotImplemented"));
    assert_eq!(cloud.post("/key?restore", "").error(), (400, "NotImplemented"));
    assert_eq!(cloud.put("/?inventory&inventoryId=x", "").error(), (400, "NotImplemented"));
}

#[test]
fn what_is_not_served_destroys_nothing() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/key", "content").ok();
    for target in ["/key?policy=", "/key?unknown=", "/key?symlink", "/key?restore="] {
        let head = cloud.with(Method::HEAD, target, &[], "");
        assert_eq!((head.error(), head.text.as_str()), ((400, "NotImplemented"), ""), "HEAD {target}");
        assert_eq!(cloud.post(target, "x").error(), (400, "NotImplemented"), "POST {target}");
        assert_eq!(cloud.put(target, "x").error(), (400, "NotImplemented"), "PUT {target}");
        assert_eq!(cloud.delete(target).error(), (400, "NotImplemented"), "DELETE {target}");
        assert_eq!(cloud.get(target).error(), (400, "NotImplemented"), "GET {target}");
    }
    for target in ["/key?tagging", "/key?tagging=", "/key?acl", "/key?acl="] {
        assert_eq!(cloud.post(target, "x").error(), (405, "MethodNotAllowed"), "POST {target}");
        assert!(!cloud.put(target, "").status.is_success(), "PUT {target}");
    }
    assert_eq!(cloud.delete("/key?acl").error(), (405, "MethodNotAllowed"));
    assert_eq!(cloud.get("/key").ok().text, "content");
}

#[test]
fn versions_are_kept_listed_and_emptied() {
    let mut cloud = versioned();
    cloud.put("/a", "one").ok();
    let second = cloud.put("/a", "two").ok().header("x-oss-version-id").to_owned();
    let marker = cloud.delete("/a").ok();
    assert_eq!(marker.header("x-oss-delete-marker"), "true");
    assert_eq!(cloud.get("/a").error(), (404, "NoSuchKey"));
    assert_eq!(cloud.get(&format!("/a?versionId={second}")).ok().text, "two");
    cloud.put("/b", "three").ok();
    let list = cloud.get("/?versions&encoding-type=url").ok();
    assert!(list.text.find("<DeleteMarker>").unwrap() < list.text.find("<Version>").unwrap());
    assert_eq!(cloud.delete("/").error(), (409, "BucketNotEmpty"));
    // Page by page, with version ids, everything can be removed.
    let mut pages = 0;
    loop {
        let page = cloud.get("/?versions&max-keys=2").ok();
        let ids = page.text.split("<VersionId>").skip(1).map(|part| part.split_once('<').unwrap().0);
        let keys = page.text.split("<Key>").skip(1).map(|part| part.split_once('<').unwrap().0);
        let entries: String = keys
            .zip(ids)
            .map(|(key, id)| format!("<Object><Key>{key}</Key><VersionId>{id}</VersionId></Object>"))
            .collect();
        if entries.is_empty() {
            break;
        }
        pages += 1;
        cloud.post("/?delete", &format!("<Delete><Quiet>true</Quiet>{entries}</Delete>")).ok();
    }
    assert_eq!(pages, 2);
    cloud.delete("/").ok();
}

#[test]
fn version_lists_continue_where_they_stopped() {
    let mut cloud = versioned();
    for body in ["1", "2", "3"] {
        cloud.put("/a", body).ok();
        cloud.put("/b", body).ok();
    }
    let (mut key, mut id, mut seen) = (String::new(), String::new(), Vec::new());
    loop {
        let page = cloud.get(&format!("/?versions&max-keys=2&key-marker={key}&version-id-marker={id}")).ok();
        seen.extend(
            page.text.split("<VersionId>").skip(1).map(|part| part.split_once('<').unwrap().0.to_owned()),
        );
        if page.element("IsTruncated") == Some("false") {
            break;
        }
        key = page.element("NextKeyMarker").unwrap().to_owned();
        id = page.element("NextVersionIdMarker").unwrap().to_owned();
    }
    let unique: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), unique.len()), (6, 6));
}

#[test]
fn a_version_from_before_versioning_is_called_null() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/a", "old").ok();
    cloud
        .put("/?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        .ok();
    cloud.put("/a", "new").ok();
    assert_eq!(cloud.get("/a?versionId=null").ok().text, "old");
    cloud.delete("/a?versionId=null").ok();
    assert_eq!(cloud.get("/a?versionId=null").error(), (404, "NoSuchVersion"));
}

#[test]
fn lists_of_objects() {
    let mut cloud = Cloud::with_bucket();
    for key in ["/a", "/logs/1", "/logs/2", "/z"] {
        cloud.put(key, "x").ok();
    }
    let all = cloud.get("/?max-keys=2").ok();
    assert_eq!((all.element("IsTruncated"), all.element("NextMarker")), (Some("true"), Some("logs/1")));
    let rest = cloud.get("/?max-keys=2&marker=logs/1").ok();
    assert_eq!((rest.text.matches("<Contents>").count(), rest.element("IsTruncated")), (2, Some("false")));
    let grouped = cloud.get("/?list-type=2&delimiter=/").ok();
    assert_eq!((grouped.text.matches("<Contents>").count(), grouped.element("KeyCount")), (2, Some("3")));
    assert!(grouped.text.contains("<CommonPrefixes><Prefix>logs/</Prefix></CommonPrefixes>"));
    let next = cloud.get("/?list-type=2&max-keys=1&prefix=logs/&encoding-type=url").ok();
    assert_eq!(next.element("Key"), Some("logs%2F1"));
    let token = next.element("NextContinuationToken").unwrap().replace("%2F", "/");
    let last = cloud.get(&format!("/?list-type=2&prefix=logs/&continuation-token={token}")).ok();
    assert_eq!(last.element("Key"), Some("logs/2"));
}

#[test]
fn deleting_many() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/a&b<审计>.gz", "x").ok();
    assert_eq!(cloud.post("/?delete", "<Delete/>").error(), (400, "MalformedXML"));
    let body =
        "<Delete><Object><Key>a&amp;b&lt;审计&gt;.gz</Key></Object><Object><Key>none</Key></Object></Delete>";
    let call = {
        let mut call = cloud.call(Method::POST, BUCKET, "/?delete");
        call.body = body.into();
        call
    };
    assert_eq!(cloud.send(&call).error(), (400, "MissingArgument"));
    let seen = cloud.post("/?delete&encoding-type=url", body).ok();
    assert_eq!(seen.text.matches("<Deleted>").count(), 2);
    assert!(cloud.state.objects[BUCKET].is_empty());
}

#[test]
fn multipart_uploads() {
    let mut cloud = Cloud::with_bucket();
    let id = cloud.post("/big?uploads", "").ok().element("UploadId").unwrap().to_owned();
    let long = "1".repeat(100 * 1024);
    let one = cloud.put(&format!("/big?partNumber=1&uploadId={id}"), &long).ok().header("etag").to_owned();
    let two = cloud.put(&format!("/big?partNumber=2&uploadId={id}"), "two").ok().header("etag").to_owned();
    assert_eq!(cloud.put(&format!("/big?partNumber=0&uploadId={id}"), "x").error(), (400, "InvalidArgument"));
    assert_eq!(cloud.get("/?uploads").ok().element("UploadId"), Some(id.as_str()));
    assert_eq!(cloud.get(&format!("/big?uploadId={id}")).ok().text.matches("<Part>").count(), 2);
    assert_eq!(cloud.delete("/").error(), (409, "BucketNotEmpty"));
    let part =
        |number: u32, tag: &str| format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>");
    let target = format!("/big?uploadId={id}");
    let wrong =
        format!("<CompleteMultipartUpload>{}{}</CompleteMultipartUpload>", part(2, &two), part(1, &one));
    assert_eq!(cloud.post(&target, &wrong).error(), (400, "InvalidPartOrder"));
    let right =
        format!("<CompleteMultipartUpload>{}{}</CompleteMultipartUpload>", part(1, &one), part(2, &two));
    cloud.post(&target, &right).ok();
    let big = cloud.get("/big").ok();
    assert_eq!(big.text, format!("{long}two"));
    assert!(big.header("etag").ends_with("-2\"") && big.header("content-md5").is_empty());
    assert_eq!(cloud.post(&target, &right).error(), (404, "NoSuchUpload"));
    let id = cloud.post("/big?uploads", "").ok().element("UploadId").unwrap().to_owned();
    assert_eq!(cloud.delete(&format!("/big?uploadId={id}")).ok().status, 204);
    assert_eq!(cloud.delete(&format!("/big?uploadId={id}")).error(), (404, "NoSuchUpload"));
    let stat = cloud.get("/?stat").ok();
    assert_eq!((stat.element("Storage"), stat.element("ObjectCount")), (Some("102403"), Some("1")));
}
