//! The policy of a bucket: a JSON document that the service keeps as a whole.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::call::{Call, Oss};
use crate::core::answer::{Answer, Unexpected, there};
use crate::error::Error;

/// What makes a JSON document a policy; the rest is the caller's.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    statement: Option<IgnoredAny>,
}

impl Answer for Document {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        there("Statement", self.statement.as_ref())
    }
}

impl Oss {
    /// The policy as the service holds it, if there is one.
    pub async fn get_bucket_policy(&self, bucket: &str) -> Result<Option<String>, Error> {
        let call = Call::get("GetBucketPolicy", bucket).query("policy", "");
        let answer = match self.send(call).await {
            Err(error) if error.is_code("NoSuchBucketPolicy") => return Ok(None),
            other => other?,
        };
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let _: Document = self.session.read_json(answer, bucket).await?;
        Ok(Some(text))
    }

    /// Replaces the policy.
    pub async fn put_bucket_policy(&self, bucket: &str, policy: &str) -> Result<(), Error> {
        self.write(Call::put("PutBucketPolicy", bucket).query("policy", "").json(policy)).await.map(drop)
    }

    /// Removes the policy; fine if there is none.
    pub async fn delete_bucket_policy(&self, bucket: &str) -> Result<(), Error> {
        self.write(Call::delete("DeleteBucketPolicy", bucket).query("policy", "")).await.map(drop)
    }
}
