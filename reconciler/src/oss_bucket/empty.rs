//! Emptying a bucket: every version, every delete marker, every unfinished upload, page by page.

use alibaba::Error;
use futures_util::future::try_join_all;

use super::Bucket;

/// How many uploads are given up at the same time.
const ABORTS: usize = 32;

impl Bucket {
    /// Removes everything from the bucket; false when there is no bucket. Ends between two calls when the operation
    /// is cancelled: what is gone by then is gone, and the next deletion goes on.
    pub(super) async fn empty(&self) -> Result<bool, Error> {
        let emptied = match self.remove_versions().await {
            Ok(()) => self.remove_uploads().await,
            failed => failed,
        };
        match emptied {
            Err(error) if error.is_not_found() => Ok(false),
            other => other.map(|()| true),
        }
    }

    async fn remove_versions(&self) -> Result<(), Error> {
        let (oss, bucket) = (self.oss(), self.name());
        let (mut after, mut removed) = (None, 0);
        loop {
            let page = oss.list_object_versions(bucket, "", after.as_ref()).await?;
            oss.delete_object_versions(bucket, &page.versions).await?;
            removed += page.versions.len();
            if removed > 0 {
                tracing::info!(
                    bucket,
                    removed,
                    more = page.next.is_some(),
                    "deleting versions and delete markers"
                );
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn remove_uploads(&self) -> Result<(), Error> {
        let (oss, bucket) = (self.oss(), self.name());
        let (mut after, mut removed) = (None, 0);
        loop {
            let (uploads, next) = oss.list_multipart_uploads(bucket, after.as_ref()).await?;
            // One call each, so some of them at a time.
            for some in uploads.chunks(ABORTS) {
                try_join_all(some.iter().map(|upload| oss.abort_multipart_upload(bucket, upload))).await?;
                removed += some.len();
                tracing::info!(bucket, removed, "giving up unfinished uploads");
            }
            after = next;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}
