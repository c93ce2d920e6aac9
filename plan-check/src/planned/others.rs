//! Everything that is one small object: roles, the public access block of an account, data event selectors, recipients of alerts.

use std::collections::{BTreeMap, BTreeSet};

use baseline::facts::{Role, RolePolicy};
use baseline::{Fact, Location};
use reconciler::delivery_role::policy::{Grants, trust};

use super::source::{BUCKETS, PROJECTS, ROLES, Source, TRAILS};
use crate::node::Node;
use crate::resource::Resource;

const BLOCKS: &[&str] =
    &["alitrail_oss_account_public_access_block", "alicloud_oss_account_public_access_block"];
const STORAGE_REGIONS: &[&str] =
    &["alitrail_global_events_storage_region", "alicloud_actiontrail_global_events_storage_region"];
const SELECTORS: &[&str] = &["alitrail_data_event_selector"];
const SERVICE_ROLES: &[&str] =
    &["alitrail_service_linked_role", "alicloud_resource_manager_service_linked_role"];
const RECIPIENTS: &[&str] = &[
    "alitrail_sls_action_policy",
    "alitrail_sls_user_group",
    "alitrail_sls_user",
    "alicloud_log_resource_record",
];

/// All types that are read here and in no other file.
pub(super) const OTHERS: &[&str] = &[
    BLOCKS[0],
    BLOCKS[1],
    STORAGE_REGIONS[0],
    STORAGE_REGIONS[1],
    SELECTORS[0],
    SERVICE_ROLES[0],
    SERVICE_ROLES[1],
    RECIPIENTS[0],
    RECIPIENTS[1],
    RECIPIENTS[2],
    RECIPIENTS[3],
];

/// Whether public access is blocked for an account.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) blocked: Fact<bool>,
    pub(crate) location: Location,
}

/// Where events of global services are stored.
#[derive(Debug, Clone)]
pub(crate) struct StorageRegion {
    pub(crate) region: Fact<String>,
    pub(crate) location: Location,
}

/// Data event selectors of a trail.
#[derive(Debug, Clone)]
pub(crate) struct Selectors {
    pub(crate) trail: String,
    pub(crate) account: String,
    pub(crate) region: Option<String>,
    /// Each as text; none while they are not known.
    pub(crate) selectors: Option<BTreeSet<String>>,
    /// The regions; none for all, or while they are not known.
    pub(crate) regions: Option<BTreeSet<String>>,
    pub(crate) location: Location,
}

/// A delivery role.
#[derive(Debug, Clone)]
pub(crate) struct RoleView {
    pub(crate) arn: String,
    pub(crate) account: String,
    pub(crate) trusted: Fact<String>,
    /// What it may write to, by attribute.
    pub(crate) grants: BTreeMap<&'static str, Fact<String>>,
    pub(crate) role: Fact<Role>,
    pub(crate) location: Location,
}

/// The role that a service works with.
#[derive(Debug, Clone)]
pub(crate) struct ServiceRole {
    pub(crate) account: String,
    pub(crate) service: String,
    pub(crate) location: Location,
}

/// Somebody who is told of alerts, or how.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) account: String,
    /// Whether it is a group, a user or a policy of notifications: other records are none.
    pub(crate) tells: bool,
    /// Texts of lists, and flags that are on: what is missing afterwards is lost.
    pub(crate) reaches: BTreeSet<String>,
    /// Scripts: any other one may reach fewer.
    pub(crate) scripts: BTreeMap<&'static str, String>,
    pub(crate) location: Location,
}

pub(super) fn blocks(source: Source<'_, '_>) -> BTreeMap<String, Block> {
    let blocks = source.of(BLOCKS).map(|(resource, node)| {
        let block = Block { blocked: node.flag("block_public_access"), location: source.location(resource) };
        (source.account(resource), block)
    });
    blocks.collect()
}

pub(super) fn storage_regions(source: Source<'_, '_>) -> BTreeMap<String, StorageRegion> {
    let regions = source.of(STORAGE_REGIONS).map(|(resource, node)| {
        let region =
            StorageRegion { region: node.text("storage_region"), location: source.location(resource) };
        (source.account(resource), region)
    });
    regions.collect()
}

pub(super) fn selectors(source: Source<'_, '_>) -> BTreeMap<String, Selectors> {
    let all = source.of(SELECTORS).filter_map(|(resource, node)| {
        let trail = source.reference(resource, node, "trail_name", TRAILS, &["trail_name"]).known()?.clone();
        let selectors = node.get("selectors");
        let account = source.account(resource);
        let all_regions = node.flag("all_regions").known() == Some(&true);
        let view = Selectors {
            selectors: (!selectors.is_unknown())
                .then(|| selectors.items().iter().map(|node| node.value().to_string()).collect()),
            regions: if all_regions {
                None
            } else {
                node.texts("region_ids").known().map(|ids| ids.iter().cloned().collect())
            },
            region: source.region(resource, node),
            account: account.clone(),
            location: source.location(resource),
            trail: trail.clone(),
        };
        Some((format!("{account}/{trail}"), view))
    });
    all.collect()
}

/// The ARN of a role, also of one that is not made yet.
pub(super) fn role_arn(source: Source<'_, '_>, resource: &Resource, node: Node<'_>) -> String {
    node.text("arn").known().cloned().unwrap_or_else(|| {
        format!("acs:ram::{}:role/{}", source.account(resource), source.name(resource, node, &["role_name"]))
    })
}

pub(super) fn roles(source: Source<'_, '_>) -> BTreeMap<String, RoleView> {
    let roles = source.of(ROLES).map(|(resource, node)| {
        let arn = role_arn(source, resource, node);
        let bucket = source.reference(resource, node, "oss_bucket_name", BUCKETS, &["bucket"]);
        let project = match node.text("sls_project_arn") {
            Fact::Unknown(why) => {
                let found =
                    source.references.resolve(resource, "sls_project_arn", PROJECTS, source.resources);
                let arn = found.and_then(|found| {
                    let side = found.side(source.side)?;
                    let name = source.name(found, side, &["project_name"]);
                    let region = source.region(found, side).unwrap_or_default();
                    Some(format!("acs:log:{region}:{}:project/{name}", source.account(found)))
                });
                arn.map_or(Fact::Unknown(why), Fact::Known)
            }
            arn => arn,
        };
        let key = node.text("kms_key_arn");
        let account = source.account(resource);
        let trusted = match node.text("trusted_account_id") {
            Fact::Unknown(_) if resource.gives("trusted_account_id") == Some(false) => {
                Fact::Known(account.clone())
            }
            trusted => trusted,
        };
        let text = |fact: &Fact<String>| fact.known().cloned();
        let is_known = [&bucket, &project, &key].iter().all(|fact| !matches!(fact, Fact::Unknown(_)));
        let document = node.text("policy_document").known().cloned().or_else(|| {
            is_known.then(|| {
                Grants { bucket: text(&bucket), project_arn: text(&project), key_arn: text(&key) }.document()
            })
        });
        let role = match (trusted.known(), document) {
            (Some(trusted), Some(document)) => Fact::Known(Role {
                trust: node
                    .text("assume_role_policy_document")
                    .known()
                    .cloned()
                    .unwrap_or_else(|| trust(trusted)),
                policies: vec![RolePolicy {
                    name: source.name(resource, node, &["role_name"]),
                    document: Some(document),
                }],
            }),
            _ => crate::node::not_yet("what the role may do"),
        };
        let view = RoleView {
            grants: [("oss_bucket_name", bucket), ("sls_project_arn", project), ("kms_key_arn", key)].into(),
            location: source.location(resource),
            arn: arn.clone(),
            account,
            trusted,
            role,
        };
        (arn.to_lowercase(), view)
    });
    roles.collect()
}

pub(super) fn service_roles(source: Source<'_, '_>) -> BTreeMap<String, ServiceRole> {
    let roles = source.of(SERVICE_ROLES).filter_map(|(resource, node)| {
        let service = node.text("service_name").known()?.clone();
        // Roles of services that have nothing to do with evidence are nobody's business here.
        let concerns = ["actiontrail", "log", "audit.log"].iter().any(|name| service.starts_with(name));
        let account = source.account(resource);
        let role = ServiceRole {
            account: account.clone(),
            service: service.clone(),
            location: source.location(resource),
        };
        concerns.then(|| (format!("{account}/{service}"), role))
    });
    roles.collect()
}

pub(super) fn recipients(source: Source<'_, '_>) -> BTreeMap<String, Recipient> {
    let all = source.of(RECIPIENTS).map(|(resource, node)| {
        let (kind, id) = match resource.r#type.as_str() {
            "alitrail_sls_action_policy" => ("action policy", "action_policy_id"),
            "alitrail_sls_user_group" => ("user group", "user_group_id"),
            "alitrail_sls_user" => ("user", "user_id"),
            _ => ("record", "record_id"),
        };
        let mut reaches = BTreeSet::new();
        for list in ["email", "members"] {
            reaches
                .extend(node.texts(list).known().into_iter().flatten().map(|text| format!("{list} {text}")));
        }
        for flag in ["enabled", "sms_enabled", "voice_enabled", "escalation_enabled"] {
            if node.flag(flag).known() == Some(&true) {
                reaches.insert(flag.to_owned());
            }
        }
        if let Some(phone) = node.text("phone").known() {
            reaches.insert(format!("phone {phone}"));
        }
        let script = |name: &'static str| {
            let text = node.text(name).known()?.split_whitespace().collect::<Vec<_>>().join(" ");
            Some((name, text))
        };
        let scripts =
            ["primary_policy_script", "secondary_policy_script"].into_iter().filter_map(script).collect();
        let table = node.text("resource_name").known().cloned().unwrap_or_default();
        let account = source.account(resource);
        let recipient = Recipient {
            kind,
            id: source.name(resource, node, &[id]),
            tells: kind != "record"
                || ["sls.common.user", "sls.common.user_group", "sls.alert.action_policy"]
                    .contains(&table.as_str()),
            account,
            reaches,
            scripts,
            location: source.location(resource),
        };
        (format!("{kind}/{table}/{}", recipient.id), recipient)
    });
    all.collect()
}
