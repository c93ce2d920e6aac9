//! DeleteMultipleObjects, by which clients empty a bucket.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::documents::DELETE;
use super::error::Error;
use super::listing::encoder;
use super::request::{Answer, Request, done};
use super::xml;

/// Most entries of one request (OSS API reference, DeleteMultipleObjects).
const MAX_ENTRIES: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    #[serde(default)]
    quiet: bool,
    #[serde(default)]
    object: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key: String,
    #[serde(default)]
    version_id: Option<String>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "PascalCase")]
struct DeleteResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'static str>,
    deleted: Vec<Deleted>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Deleted {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_marker: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_marker_version_id: Option<String>,
}

/// DeleteMultipleObjects: up to 1,000 entries, with a digest; an entry without version id makes a delete marker where
/// versions are kept. A version under retention fails the whole request before anything is removed (assumed: how the
/// service reports it inside a batch is not documented).
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    if request.call.header("content-md5").is_none() {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "MissingArgument",
            "Missing Some Required Arguments.",
        )
        .detail("ArgumentName", "Content-MD5"));
    }
    let wanted: Delete = request.document(&DELETE)?;
    if wanted.object.is_empty() || wanted.object.len() > MAX_ENTRIES {
        return Err(Error::malformed("1 to 1000 objects are needed"));
    }
    let (encoding_type, encode) = encoder(request.call)?;
    request.owned()?;
    let before = request.state.objects.get(request.bucket).cloned();
    let mut result = DeleteResult { encoding_type, deleted: Vec::new() };
    for entry in wanted.object {
        let version_id = entry.version_id.filter(|id| !id.is_empty());
        let removal =
            request.state.remove(request.bucket, &entry.key, version_id.as_deref(), request.call.now);
        let removed = match removal {
            Ok(removed) => removed,
            Err(error) => {
                request.state.objects.insert(request.bucket.to_owned(), before.unwrap_or_default());
                return Err(error);
            }
        };
        result.deleted.push(Deleted {
            key: encode(&entry.key),
            delete_marker: removed.marker.then_some(true),
            delete_marker_version_id: removed.version_id.filter(|_| removed.marker),
            version_id,
        });
    }
    if wanted.quiet { done() } else { xml::reply("DeleteResult", &result) }
}
