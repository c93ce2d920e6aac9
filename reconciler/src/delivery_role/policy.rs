//! The two documents that make a delivery role: who may assume it, and what it may do.
//!
//! Both are written from a few attributes, and read back into them: a document that says anything else is no document
//! of ours, and the plan shows it. Actions are those of the vendor's `AliyunActionTrailDeliveryPolicy`, narrowed to one
//! bucket, one project and one key (ActionTrail user guide, cross-account delivery).

use serde_json::{Value as Json, json};

const BUCKET_ACTIONS: [&str; 4] =
    ["oss:PutObject", "oss:GetBucketInfo", "oss:GetBucketLifecycle", "oss:GetBucketLocation"];
const LOGSTORE_ACTIONS: [&str; 8] = [
    "log:PostLogStoreLogs",
    "log:CreateLogStore",
    "log:GetLogStore",
    "log:UpdateLogStore",
    "log:CreateIndex",
    "log:UpdateIndex",
    "log:GetIndex",
    "log:GetLogStoreLogs",
];
const VIEW_ACTIONS: [&str; 6] = [
    "log:CreateDashboard",
    "log:UpdateDashboard",
    "log:GetDashboard",
    "log:CreateSavedSearch",
    "log:UpdateSavedSearch",
    "log:GetSavedSearch",
];
const KEY_ACTIONS: [&str; 3] = ["kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"];

/// The trust policy that lets the trails of an account, and of no other, assume the role.
#[must_use]
pub fn trust(account: &str) -> String {
    json!({
        "Version": "1",
        "Statement": [{
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": { "Service": [principal(account)] },
        }],
    })
    .to_string()
}

fn principal(account: &str) -> String {
    format!("{account}@actiontrail.aliyuncs.com")
}

/// The account whose trails a trust policy admits, if it is one of ours.
#[must_use]
pub fn trusted(document: &str) -> Option<String> {
    let found: Json = serde_json::from_str(document).ok()?;
    let service = &found["Statement"][0]["Principal"]["Service"][0];
    let account = service.as_str()?.strip_suffix("@actiontrail.aliyuncs.com")?.to_owned();
    means(document, &trust(&account)).then_some(account)
}

/// What a role may write to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// The name of a bucket.
    pub bucket: Option<String>,
    /// The ARN of a project.
    pub project_arn: Option<String>,
    /// The ARN of the key that the bucket is encrypted with.
    pub key_arn: Option<String>,
}

impl Grants {
    /// The policy that grants this and nothing else.
    #[must_use]
    pub fn document(&self) -> String {
        let mut statements = Vec::new();
        let mut allow = |actions: &[&str], resources: Vec<String>| {
            statements.push(json!({ "Effect": "Allow", "Action": actions, "Resource": resources }));
        };
        if let Some(bucket) = &self.bucket {
            let arn = format!("acs:oss:*:*:{bucket}");
            allow(&BUCKET_ACTIONS, vec![arn.clone(), format!("{arn}/*")]);
        }
        if let Some(arn) = &self.project_arn {
            allow(&["log:GetProject"], vec![arn.clone()]);
            let stores = ["actiontrail_*", "insights_*"].map(|name| format!("{arn}/logstore/{name}"));
            allow(&LOGSTORE_ACTIONS, stores.into());
            allow(&VIEW_ACTIONS, vec![format!("{arn}/dashboard/*"), format!("{arn}/savedsearch/*")]);
        }
        if let Some(arn) = &self.key_arn {
            allow(&KEY_ACTIONS, vec![arn.clone()]);
        }
        json!({ "Version": "1", "Statement": statements }).to_string()
    }

    /// What a policy grants, if it is one of ours.
    #[must_use]
    pub fn read(document: &str) -> Option<Self> {
        let found: Json = serde_json::from_str(document).ok()?;
        let mut grants = Self::default();
        for statement in found["Statement"].as_array()? {
            let Some(resource) = statement["Resource"][0].as_str() else { continue };
            if let Some(bucket) = resource.strip_prefix("acs:oss:*:*:") {
                grants.bucket = Some(bucket.to_owned());
            } else if statement["Action"][0] == "log:GetProject" {
                grants.project_arn = Some(resource.to_owned());
            } else if statement["Action"][0] == KEY_ACTIONS[0] {
                grants.key_arn = Some(resource.to_owned());
            }
        }
        means(document, &grants.document()).then_some(grants)
    }
}

/// Whether two documents say the same.
#[must_use]
pub fn means(one: &str, other: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Json>(text).ok();
    matches!((parse(one), parse(other)), (Some(one), Some(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Grants {
        Grants {
            bucket: Some("audit-archive".to_owned()),
            project_arn: Some("acs:log:cn-hangzhou:1000000000000001:project/audit".to_owned()),
            key_arn: Some("acs:kms:cn-hangzhou:1000000000000001:key/key-1".to_owned()),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(trusted(&trust("1000000000000001")).as_deref(), Some("1000000000000001"));
        let bucket = Grants { bucket: all().bucket, ..Grants::default() };
        let project = Grants { project_arn: all().project_arn, ..Grants::default() };
        for grants in [all(), bucket, project, Grants::default()] {
            assert_eq!(Grants::read(&grants.document()), Some(grants));
        }
    }

    #[test]
    fn what_says_anything_more_is_not_ours() {
        let wider = trust("1000000000000001").replace("\"1000000000000001@", "\"2@x\",\"1000000000000001@");
        assert_eq!(trusted(&wider), None);
        for (from, to) in [
            ("\"oss:PutObject\"", "\"oss:*\""),
            ("acs:oss:*:*:audit-archive/*", "acs:oss:*:*:*"),
            ("\"Allow\"", "\"Deny\""),
            ("actiontrail_*", "*"),
        ] {
            let document = all().document().replace(from, to);
            assert_ne!(document, all().document(), "{from} is in it");
            assert_eq!(Grants::read(&document), None, "{to}");
        }
        assert_eq!(Grants::read("no JSON"), None);
    }

    #[test]
    fn a_role_for_a_bucket_reaches_nothing_else() {
        let document = Grants { bucket: Some("b".to_owned()), ..Grants::default() }.document();
        assert!(
            !document.contains("log:") && !document.contains("kms:") && !document.contains("\"*\""),
            "{document}"
        );
    }
}
