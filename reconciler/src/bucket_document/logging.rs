//! The access log of a bucket: where the record of its requests goes.

use alibaba::Error;
use alibaba::oss::{BucketLogging, Oss};

use super::Document;

impl Document for BucketLogging {
    const NAME: &'static str = "access log";

    async fn get(&self, oss: &Oss, bucket: &str) -> Result<Option<Self>, Error> {
        oss.get_bucket_logging(bucket).await
    }

    async fn put(&self, oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.put_bucket_logging(bucket, self).await
    }

    async fn delete(oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.delete_bucket_logging(bucket).await
    }

    fn is_as(&self, other: &Self) -> bool {
        self == other
    }
}
