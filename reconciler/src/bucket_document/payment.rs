//! Who pays for the requests to a bucket. There is always somebody: the owner, where nobody else was chosen.

use alibaba::Error;
use alibaba::oss::Oss;

use super::Document;

const OWNER: &str = "BucketOwner";

/// Who pays: `BucketOwner` or `Requester`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer(pub String);

impl Document for Payer {
    const NAME: &'static str = "request payment";

    async fn get(&self, oss: &Oss, bucket: &str) -> Result<Option<Self>, Error> {
        oss.get_bucket_request_payment(bucket).await.map(|payer| Some(Self(payer)))
    }

    async fn put(&self, oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.put_bucket_request_payment(bucket, &self.0).await
    }

    async fn delete(oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.put_bucket_request_payment(bucket, OWNER).await
    }

    fn is_as(&self, other: &Self) -> bool {
        self == other
    }

    fn is_default(&self) -> bool {
        self.0 == OWNER
    }
}
