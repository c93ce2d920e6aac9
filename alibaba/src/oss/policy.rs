//! The policy of a bucket: a JSON document that the service keeps as a whole.

use super::{Call, Oss};
use crate::endpoint::Service;
use crate::error::Error;

impl Oss {
    /// The policy as the service holds it, if there is one.
    pub async fn get_bucket_policy(&self, bucket: &str) -> Result<Option<String>, Error> {
        let call = Call::get("GetBucketPolicy", bucket).query("policy", "");
        let action = call.action;
        let answer = match self.send(call).await {
            Err(error) if error.is_code("NoSuchBucketPolicy") => return Ok(None),
            other => other?,
        };
        let text = std::str::from_utf8(&answer.body).map_err(|error| Error::Decode {
            service: Service::Oss,
            action,
            detail: error.to_string(),
            request_id: answer.request_id,
        })?;
        Ok(Some(text.to_owned()).filter(|text| !text.trim().is_empty()))
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
