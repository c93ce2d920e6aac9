//! The attributes of `alitrail_oss_bucket_policy`: a bucket, and its policy as JSON.

use plugin::{Attr, Model};
use reconciler::bucket_document::policy::PolicyText;

use super::check::{policy, same};
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_oss_bucket_policy`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct PolicyModel {
    /// Bucket that the policy is for.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// The whole policy as JSON, best written with `jsonencode`: `Version = "1"`, and statements with `Effect`, `Action`,
    /// `Principal` and `Resource`. Compared by meaning: the order of statements, actions, principals and values, the
    /// letter case of actions, and whether a single value stands in a list make no difference.
    #[attr(
        required,
        check = policy,
        same = same,
        samples(
            "{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"oss:*\"],\"Principal\":[\"*\"],\"Resource\":[\"acs:oss:*:*:audit\",\"acs:oss:*:*:audit/*\"],\"Condition\":{\"Bool\":{\"acs:SecureTransport\":[\"false\"]}}}]}",
            "{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"oss:GetObject\"],\"Principal\":[\"1234567890123456\"],\"Resource\":[\"acs:oss:*:*:audit/*\"]}]}"
        ),
        remote = "/Policy"
    )]
    pub policy: Attr<String>,
    /// Take a policy that lets everybody in. The bucket needs `block_public_access = false` too.
    #[attr(default = false, state_only)]
    pub allow_public_access: Attr<bool>,
    /// Take a policy after which these credentials can no longer read, change or remove it.
    #[attr(default = false, state_only)]
    pub allow_lockout: Attr<bool>,
}

impl PolicyModel {
    /// How messages name the policy.
    pub(super) fn label(&self) -> String {
        format!("policy of bucket {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.bucket.as_str().unwrap_or_default()
    }

    /// The text that the model says.
    pub(super) fn text(&self) -> PolicyText {
        PolicyText(self.policy.get().cloned().unwrap_or_default())
    }
}
