//! System policies: those that the vendor provides and that trails, their readers and their roles are given. Documents
//! say what the vendor's do for the services of this mock; actions of other services are left out.

use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;

/// When all of them were made: before any mock.
pub(super) const CREATED: OffsetDateTime = datetime!(2015-01-01 00:00:00 UTC);

/// Policies that allow everything, or everything of one service, by name and action pattern.
const FULL: &[(&str, &str)] = &[
    ("AdministratorAccess", "*"),
    ("AliyunOSSFullAccess", "oss:*"),
    ("AliyunLogFullAccess", "log:*"),
    ("AliyunRAMFullAccess", "ram:*"),
    ("AliyunSTSAssumeRoleAccess", "sts:AssumeRole"),
    ("AliyunResourceDirectoryFullAccess", "resourcemanager:*"),
];

/// Policies that allow several actions, or those of a service that change nothing, by name.
const SEVERAL: &[(&str, &[&str])] = &[
    // A trail without a role of its own has the service-linked one made for it.
    ("AliyunActionTrailFullAccess", &["actiontrail:*", "ram:CreateServiceLinkedRole"]),
    ("ReadOnlyAccess", &["*:Get*", "*:List*", "*:Describe*", "*:Lookup*", "*:Head*"]),
    (
        "AliyunActionTrailReadOnlyAccess",
        &["actiontrail:Get*", "actiontrail:List*", "actiontrail:Describe*", "actiontrail:Lookup*"],
    ),
    ("AliyunOSSReadOnlyAccess", &["oss:Get*", "oss:List*"]),
    ("AliyunLogReadOnlyAccess", &["log:Get*", "log:List*"]),
    ("AliyunRAMReadOnlyAccess", &["ram:Get*", "ram:List*"]),
];

/// What a role needs to take deliveries of a trail (vendor documentation, "Deliver events across accounts").
const DELIVERY: &[&str] = &[
    "oss:ListObjects",
    "oss:PutObject",
    "oss:GetBucketInfo",
    "oss:GetBucketLifecycle",
    "oss:GetBucketLocation",
    "kms:*",
    "log:GetProject",
    "log:PostLogStoreLogs",
    "log:CreateLogstore",
    "log:GetLogstore",
    "log:UpdateLogStore",
    "log:CreateIndex",
    "log:UpdateIndex",
    "log:GetIndex",
    "log:GetLogStoreLogs",
    "log:*Dashboard",
    "log:*SavedSearch",
];

/// Names of policies with the actions of [`DELIVERY`].
const DELIVERING: &[&str] = &[
    "AliyunActionTrailDeliveryPolicy",
    "AliyunServiceRolePolicyForActionTrail",
    "AliyunActionTrailRolePolicy",
];

/// What a policy of the vendor allows that is not known here, by the form of its name: `Aliyun`, a product, and what of it.
/// There are hundreds, and any of them can be attached. Assumed: the product's own actions, in lower case.
fn by_form(name: &str) -> Option<serde_json::Value> {
    let product =
        name.strip_prefix("Aliyun").filter(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    let of =
        |end: &str| product.strip_suffix(end).filter(|product| !product.is_empty()).map(str::to_lowercase);
    if let Some(product) = of("ReadOnlyAccess") {
        return Some(json!(["Get", "List", "Describe"].map(|verb| format!("{product}:{verb}*"))));
    }
    let whole =
        of("FullAccess").or_else(|| of("RolePolicy")).or_else(|| of("Access")).or_else(|| of("Policy"));
    let linked = || product.strip_prefix("ServiceRolePolicyFor").filter(|product| !product.is_empty());
    let whole = linked().map(str::to_lowercase).or(whole)?;
    Some(json!(format!("{whole}:*")))
}

/// The document of a system policy.
pub(crate) fn document(name: &str) -> Option<String> {
    let actions = FULL
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, action)| json!(action))
        .or_else(|| SEVERAL.iter().find(|(known, _)| *known == name).map(|(_, actions)| json!(actions)))
        .or_else(|| DELIVERING.contains(&name).then(|| json!(DELIVERY)))
        .or_else(|| by_form(name))?;
    let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    Some(json!({ "Version": "1", "Statement": [statement] }).to_string())
}

/// The names of those that are known here.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let full = FULL.iter().map(|(name, _)| *name);
    full.chain(SEVERAL.iter().map(|(name, _)| *name)).chain(DELIVERING.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ram::evaluate::{AccessRequest, Verdict, is_document, judge};

    #[test]
    fn every_one_is_a_policy() {
        for name in names() {
            assert!(is_document(&document(name).unwrap()), "{name}");
        }
    }

    #[test]
    fn any_name_of_the_vendors_form_is_one() {
        let allowed = |name: &str, action: &str| {
            let ask = AccessRequest { action: action.to_owned(), resource: "*".to_owned() };
            judge([document(name).unwrap().as_str()], &ask) == Verdict::Allowed
        };
        assert!(allowed("AliyunECSFullAccess", "ecs:RunInstances"));
        assert!(allowed("AliyunECSReadOnlyAccess", "ecs:DescribeInstances"));
        assert!(!allowed("AliyunECSReadOnlyAccess", "ecs:RunInstances"));
        for name in [
            "AliyunGlobalAccelerationReadOnlyAccess",
            "AliyunServiceRolePolicyForConfig",
            "AliyunSDDPRolePolicy",
            "AliyunKMSCryptoUserAccess",
        ] {
            assert!(is_document(&document(name).unwrap()), "{name}");
            assert!(!allowed(name, "oss:PutObject"), "{name}");
        }
        for name in ["AliyunECS", "Aliyun-ECS-FullAccess", "ECSFullAccess", "Access", ""] {
            assert!(document(name).is_none(), "{name}");
        }
    }

    #[test]
    fn readers_cannot_write() {
        let reader = document("AliyunActionTrailReadOnlyAccess").unwrap();
        let ask = |action: &str| AccessRequest { action: action.to_owned(), resource: "*".to_owned() };
        assert_eq!(judge([reader.as_str()], &ask("actiontrail:DescribeTrails")), Verdict::Allowed);
        assert_eq!(judge([reader.as_str()], &ask("actiontrail:StopLogging")), Verdict::Silent);
    }
}
