//! What is in a bucket, as far as emptying it needs: versions, delete markers and unfinished uploads.

use http::Method;
use percent_encoding::percent_decode_str;

use super::call::{Call, Oss};
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// The most the service lists or deletes in one call.
const PAGE: &str = "1000";

/// One version of an object, or a delete marker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The object's key.
    pub key: String,
    /// The version; `null` for an object from before versioning.
    pub version_id: String,
    /// Whether it marks a deletion.
    pub is_delete_marker: bool,
    /// Whether it is the one that readers get.
    pub is_latest: bool,
    /// When it was stored.
    pub last_modified: Option<String>,
    /// Its bytes.
    pub size: Option<i64>,
}

/// A page of versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionPage {
    /// Versions and delete markers, by key, newest first within a key.
    pub versions: Vec<ObjectVersion>,
    /// Key and version to go on after, if there is more.
    pub next: Option<(String, String)>,
}

/// An unfinished multipart upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// The object's key.
    pub key: String,
    /// The id of the upload.
    pub upload_id: String,
}

/// A text of a listing, which is encoded if the answer says so, because keys may hold what XML cannot.
fn decoded(root: &Element, element: &Element, name: &str) -> Result<String, XmlError> {
    let text = element.get(name).map(|child| child.text.clone()).unwrap_or_default();
    if root.text("EncodingType").as_deref() != Some("url") {
        return Ok(text);
    }
    let spaced = text.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8().map_err(|_| XmlError::of(name, "is not UTF-8"))?;
    Ok(text.into_owned())
}

fn read_versions(root: &Element, asked: &str) -> Result<VersionPage, XmlError> {
    root.is_about("Name", asked)?;
    let mut versions = Vec::new();
    for child in &root.children {
        let is_delete_marker = match child.name.as_str() {
            "DeleteMarker" => true,
            "Version" => false,
            _ => continue,
        };
        versions.push(ObjectVersion {
            key: decoded(root, child, "Key")?,
            version_id: child.required("VersionId")?,
            is_delete_marker,
            is_latest: child.truth("IsLatest") == Some(true),
            last_modified: child.text("LastModified"),
            size: child.number("Size")?,
        });
    }
    let next = (decoded(root, root, "NextKeyMarker")?, root.text("NextVersionIdMarker").unwrap_or_default());
    Ok(VersionPage { versions, next: more(root, next)? })
}

/// The markers to go on after, where there is more.
fn more(root: &Element, next: (String, String)) -> Result<Option<(String, String)>, XmlError> {
    match root.truth_of("IsTruncated")? {
        false => Ok(None),
        true if next.0.is_empty() => Err(XmlError::of("NextKeyMarker", "is missing")),
        true => Ok(Some(next)),
    }
}

impl Oss {
    /// Versions and delete markers, `after` a key and version of an earlier page.
    pub async fn list_object_versions(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<&(String, String)>,
    ) -> Result<VersionPage, Error> {
        let mut call = Call::get("ListObjectVersions", bucket)
            .query("versions", "")
            .query("max-keys", PAGE)
            .query("encoding-type", "url");
        let (key, version) = after.map_or(("", ""), |(key, version)| (key, version));
        for (name, value) in [("prefix", prefix), ("key-marker", key), ("version-id-marker", version)] {
            if !value.is_empty() {
                call = call.query(name, value);
            }
        }
        let asked = bucket.to_owned();
        self.read(call, "ListVersionsResult", move |root| read_versions(root, &asked)).await
    }

    /// Removes up to 1000 versions for good.
    pub async fn delete_object_versions(
        &self,
        bucket: &str,
        versions: &[ObjectVersion],
    ) -> Result<(), Error> {
        // The service refuses an empty list.
        if versions.is_empty() {
            return Ok(());
        }
        let delete = Element::new("Delete").leaf("Quiet", true);
        // Without its version id an object would only get a delete marker on top.
        let body = versions.iter().fold(delete, |body, version| {
            body.child(
                Element::new("Object").leaf("Key", &version.key).leaf("VersionId", &version.version_id),
            )
        });
        let call =
            Call::new("DeleteMultipleObjects", Method::POST, Some(bucket)).query("delete", "").body(body);
        self.write(call).await.map(drop)
    }

    /// Unfinished uploads, `after` a key and upload id of an earlier page.
    pub async fn list_multipart_uploads(
        &self,
        bucket: &str,
        after: Option<&(String, String)>,
    ) -> Result<(Vec<Upload>, Option<(String, String)>), Error> {
        let mut call = Call::get("ListMultipartUploads", bucket)
            .query("uploads", "")
            .query("max-uploads", PAGE)
            .query("encoding-type", "url");
        if let Some((key, upload)) = after {
            call = call.query("key-marker", key).query("upload-id-marker", upload);
        }
        let asked = bucket.to_owned();
        self.read(call, "ListMultipartUploadsResult", move |root| {
            root.is_about("Bucket", &asked)?;
            let uploads = root.all("Upload").map(|upload| {
                Ok(Upload { key: decoded(root, upload, "Key")?, upload_id: upload.required("UploadId")? })
            });
            let next =
                (decoded(root, root, "NextKeyMarker")?, root.text("NextUploadIdMarker").unwrap_or_default());
            Ok((uploads.collect::<Result<Vec<_>, XmlError>>()?, more(root, next)?))
        })
        .await
    }

    /// Gives up an unfinished upload; fine if it is gone already.
    pub async fn abort_multipart_upload(&self, bucket: &str, upload: &Upload) -> Result<(), Error> {
        let mut call = Call::delete("AbortMultipartUpload", bucket).query("uploadId", &upload.upload_id);
        call.key = &upload.key;
        match self.write(call).await {
            Err(error) if !error.is_code("NoSuchUpload") => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_markers_are_read_in_their_mixed_order() {
        let root = Element::parse(
            b"<ListVersionsResult><Name>audit-logs</Name><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
              <NextKeyMarker>AliyunLogs%2Fa+b%2B.gz</NextKeyMarker><NextVersionIdMarker>V9</NextVersionIdMarker>\
              <DeleteMarker><Key>a</Key><VersionId>V1</VersionId><IsLatest>true</IsLatest></DeleteMarker>\
              <Version><Key>a</Key><VersionId>null</VersionId><Size>93731</Size></Version>\
              <DeleteMarker><Key>%E5%AE%A1</Key><VersionId>V2</VersionId></DeleteMarker></ListVersionsResult>",
        )
        .unwrap();
        let page = read_versions(&root, "audit-logs").unwrap();
        assert_eq!(page.next, Some(("AliyunLogs/a b+.gz".into(), "V9".into())));
        let seen: Vec<_> = page
            .versions
            .iter()
            .map(|v| (v.key.as_str(), v.version_id.as_str(), v.is_delete_marker))
            .collect();
        assert_eq!(seen, [("a", "V1", true), ("a", "null", false), ("审", "V2", true)]);
        assert_eq!(page.versions[1].size, Some(93731));
    }

    #[test]
    fn the_last_page_ends_the_listing() {
        let read = |text: &str| {
            let text = format!("<R><Name>audit-logs</Name>{text}</R>");
            read_versions(&Element::parse(text.as_bytes()).unwrap(), "audit-logs")
        };
        let last = "<IsTruncated>false</IsTruncated><NextKeyMarker>x</NextKeyMarker>";
        assert_eq!(read(last), Ok(VersionPage::default()));
        // Half a listing would pass for all of it.
        for bad in ["", "<IsTruncated>true</IsTruncated>"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
