//! Buckets: their own resource, and the resources of single settings.

use std::collections::{BTreeMap, BTreeSet};

use baseline::Fact;
use baseline::facts::{Bucket, Encryption, Worm};

use super::lifecycle;
use super::source::{BUCKETS, Source};
use crate::node::{Node, or};
use crate::resource::{Resource, Side};

/// The types of resources that are one setting of a bucket.
pub(super) const SETTINGS: &[&str] = &[
    "alitrail_oss_bucket_lifecycle",
    "alitrail_oss_bucket_logging",
    "alitrail_oss_bucket_policy",
    "alitrail_oss_bucket_worm",
    "alicloud_oss_bucket_acl",
    "alicloud_oss_bucket_https_config",
    "alicloud_oss_bucket_logging",
    "alicloud_oss_bucket_policy",
    "alicloud_oss_bucket_public_access_block",
    "alicloud_oss_bucket_server_side_encryption",
    "alicloud_oss_bucket_versioning",
    "alicloud_oss_bucket_worm",
];

/// A bucket.
#[derive(Debug, Clone)]
pub(crate) struct BucketView {
    pub(crate) bucket: Bucket,
    /// Type of the resource that is the bucket; none if only settings of it are declared.
    pub(crate) r#type: Option<String>,
    pub(crate) account: String,
    /// The versions of TLS that it accepts; empty for all.
    pub(crate) tls: Fact<BTreeSet<String>>,
    /// Whether it may be deleted with what is in it.
    pub(crate) force_destroy: bool,
    /// Whether the plan makes it.
    pub(crate) is_created: bool,
    /// Which resources declare its settings, by type.
    pub(crate) settings: BTreeMap<String, String>,
}

fn undeclared<T>(setting: &str) -> Fact<T> {
    Fact::Unknown(format!("no resource of the plan declares the {setting} of the bucket"))
}

pub(super) fn read(source: Source<'_, '_>) -> BTreeMap<String, BucketView> {
    let mut buckets = BTreeMap::new();
    for (resource, node) in source.of(BUCKETS) {
        buckets.insert(source.name(resource, node, &["bucket"]), bucket(source, resource, node));
    }
    // What goes first is what is taken away: another resource may declare it anew.
    let settings = || source.resources.iter().filter(|resource| SETTINGS.contains(&resource.r#type.as_str()));
    for resource in settings() {
        let (None, Some(before)) = (resource.side(source.side), resource.side(Side::Before)) else {
            continue;
        };
        let name = source.reference(resource, before, "bucket", BUCKETS, &["bucket"]);
        // A bucket that goes takes its settings with it.
        let Some(view) = name.known().and_then(|name| buckets.get_mut(name)) else { continue };
        remove(view, resource, before);
    }
    for resource in settings() {
        let Some(node) = resource.side(source.side) else { continue };
        let Fact::Known(name) = source.reference(resource, node, "bucket", BUCKETS, &["bucket"]) else {
            continue;
        };
        let view = buckets.entry(name.clone()).or_insert_with(|| BucketView {
            bucket: Bucket {
                acl: undeclared("ACL"),
                block_public_access: undeclared("public access block"),
                policy: undeclared("policy"),
                log_bucket: undeclared("access log"),
                encryption: undeclared("encryption"),
                versioning: undeclared("versioning"),
                lifecycle: undeclared("lifecycle rules"),
                worm: undeclared("retention policy"),
                owner: undeclared("owner"),
                region: source.region(resource, node),
                location: Some(source.location(resource)),
                name,
            },
            r#type: None,
            account: source.account(resource),
            tls: undeclared("versions of TLS"),
            force_destroy: false,
            is_created: false,
            settings: BTreeMap::new(),
        });
        set(view, source, resource, node);
    }
    buckets
}

/// A bucket by its own resource. What no resource declares counts as not set.
fn bucket(source: Source<'_, '_>, resource: &Resource, node: Node<'_>) -> BucketView {
    let is_of_alicloud = resource.is_of_alicloud();
    let single = |name: &str| if is_of_alicloud { node.get(name).first() } else { Some(node) };
    let block = match node.flag("block_public_access") {
        // The types of alicloud have another resource for it; who does not use it gets what the service does.
        Fact::Absent if is_of_alicloud => Fact::Unknown(
            "no alicloud_oss_bucket_public_access_block says whether public access to the bucket is blocked (for buckets made \
             since October 2025, it is until somebody changes that)"
                .to_owned(),
        ),
        block => block,
    };
    let acl = match node.text("acl") {
        // Left out, the service gives a new bucket the ACL private.
        Fact::Unknown(_) if resource.gives("acl") == Some(false) && resource.is_created() => {
            Fact::Known("private".to_owned())
        }
        acl => acl,
    };
    let sse = if is_of_alicloud { "server_side_encryption_rule" } else { "server_side_encryption" };
    let lifecycle = if is_of_alicloud { lifecycle::inline(node.get("lifecycle_rule")) } else { Fact::Absent };
    let tls = node.get("https_config").first().map_or(Fact::Absent, |https| tls_versions(https));
    BucketView {
        bucket: Bucket {
            name: source.name(resource, node, &["bucket"]),
            region: source.region(resource, node),
            owner: or(node.text("owner"), || node.text("account_id")),
            acl,
            block_public_access: block,
            policy: node.text("policy"),
            log_bucket: match node.get("logging").first() {
                Some(logging) => source.log_target(resource, logging),
                None => Fact::Absent,
            },
            encryption: encryption(node.get(sse)),
            versioning: single("versioning")
                .map_or(Fact::Absent, |part| part.text(if is_of_alicloud { "status" } else { "versioning" })),
            lifecycle,
            worm: Fact::Absent,
            location: Some(source.location(resource)),
        },
        r#type: Some(resource.r#type.clone()),
        account: source.account(resource),
        tls,
        force_destroy: node.flag("force_destroy").known() == Some(&true),
        is_created: resource.is_created(),
        settings: BTreeMap::new(),
    }
}

impl Source<'_, '_> {
    /// The bucket that an access log goes to.
    fn log_target(self, resource: &Resource, node: Node<'_>) -> Fact<String> {
        let target = node.text("target_bucket");
        if let Fact::Unknown(_) = target {
            let argument =
                if BUCKETS.contains(&resource.r#type.as_str()) { "logging" } else { "target_bucket" };
            if let Some(found) = self.references.resolve(resource, argument, BUCKETS, self.resources)
                && let Some(side) = found.side(self.side)
            {
                return Fact::Known(self.name(found, side, &["bucket"]));
            }
        }
        target
    }
}

fn tls_versions(node: Node<'_>) -> Fact<BTreeSet<String>> {
    if node.flag("enable").known() == Some(&false) {
        return Fact::Known(BTreeSet::new());
    }
    node.texts("tls_versions").map(|versions| versions.into_iter().collect())
}

fn encryption(node: Node<'_>) -> Fact<Encryption> {
    if node.is_unknown() {
        return crate::node::not_yet("the encryption");
    }
    let Some(node) = node.first() else { return Fact::Absent };
    let key = node.text("kms_master_key_id");
    node.text("sse_algorithm").map(|algorithm| Encryption {
        key: match key {
            Fact::Known(key) => Some(key),
            // It will be a key of somebody's: the service's own has no resource.
            Fact::Unknown(_) => Some("that the plan makes".to_owned()),
            _ => None,
        },
        algorithm,
        key_enabled: None,
    })
}

/// Gives a bucket the setting that a resource declares.
fn set(view: &mut BucketView, source: Source<'_, '_>, resource: &Resource, node: Node<'_>) {
    let bucket = &mut view.bucket;
    match setting(&resource.r#type) {
        "acl" => bucket.acl = node.text("acl"),
        "https_config" => view.tls = tls_versions(node),
        "lifecycle" => bucket.lifecycle = lifecycle::separate(node),
        "logging" => bucket.log_bucket = source.log_target(resource, node),
        "policy" => bucket.policy = node.text("policy"),
        "public_access_block" => bucket.block_public_access = node.flag("block_public_access"),
        "server_side_encryption" => bucket.encryption = encryption(node),
        "versioning" => bucket.versioning = node.text("status"),
        "worm" => {
            let state = match node.text("status") {
                // Left out, it is begun and not locked.
                Fact::Absent => Fact::Known("InProgress".to_owned()),
                Fact::Unknown(_) if resource.gives("status") == Some(false) => {
                    Fact::Known("InProgress".to_owned())
                }
                state => state,
            };
            let days = node.number("retention_period_in_days");
            bucket.worm = state.and_then(|state| days.map(|days| Worm { state, days }));
        }
        _ => {}
    }
    view.settings.insert(setting(&resource.r#type).to_owned(), resource.address.clone());
}

/// Takes a setting from a bucket as destroying its resource does, which for some does nothing.
fn remove(view: &mut BucketView, resource: &Resource, before: Node<'_>) {
    let bucket = &mut view.bucket;
    match setting(&resource.r#type) {
        "acl" => bucket.acl = before.text("acl"),
        "https_config" => view.tls = tls_versions(before),
        "versioning" => bucket.versioning = before.text("status"),
        "lifecycle" => bucket.lifecycle = Fact::Absent,
        "logging" => bucket.log_bucket = Fact::Absent,
        "policy" => bucket.policy = Fact::Absent,
        "public_access_block" => bucket.block_public_access = Fact::Known(false),
        "server_side_encryption" => bucket.encryption = Fact::Absent,
        "worm" if before.text("status").known().is_some_and(|status| status == "Locked") => {
            let days = before.number("retention_period_in_days");
            bucket.worm = days.map(|days| Worm { state: "Locked".to_owned(), days });
        }
        "worm" => bucket.worm = Fact::Absent,
        _ => {}
    }
    view.settings.insert(setting(&resource.r#type).to_owned(), resource.address.clone());
}

/// What of a bucket a type of resources is.
fn setting(r#type: &str) -> &str {
    r#type.split_once("_oss_bucket_").map_or("", |(_, setting)| setting)
}
