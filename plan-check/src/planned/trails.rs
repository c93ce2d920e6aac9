//! Trails.

use std::collections::BTreeMap;

use baseline::Fact;
use baseline::facts::Trail;

use super::source::{BUCKETS, PROJECTS, ROLES, Source, TRAILS};
use crate::node::{Node, not_yet, or};
use crate::resource::Resource;

/// A trail.
#[derive(Debug, Clone)]
pub(crate) struct TrailView {
    pub(crate) trail: Trail,
    /// Whether the plan makes it, be it anew.
    pub(crate) is_created: bool,
    pub(crate) max_compute: Fact<String>,
    /// The selectors of data events that the resource of the trail has itself, as text.
    pub(crate) selectors: Fact<String>,
    /// The regions of their events.
    pub(crate) selector_regions: Fact<String>,
}

pub(super) fn read(source: Source<'_, '_>) -> BTreeMap<String, TrailView> {
    let trails = source.of(TRAILS).map(|(resource, node)| {
        let view = trail(source, resource, node);
        (format!("{}/{}", view.trail.account, view.trail.name), view)
    });
    trails.collect()
}

fn trail(source: Source<'_, '_>, resource: &Resource, node: Node<'_>) -> TrailView {
    let status = status(resource, node);
    let region = source.region(resource, node);
    // An organization trail may be one that is not known to be one: then it is a trail of its account.
    let is_organization_trail = node.flag("is_organization_trail").known() == Some(&true);
    let trail = Trail {
        name: source.name(resource, node, &["trail_name", "name"]),
        account: source.account(resource),
        arn: node.text("arn"),
        home_region: or(node.text("home_region"), || Fact::Absent).or_known(region),
        is_organization_trail,
        trail_region: given(resource, node, "trail_region", Some("All")),
        // The service's default for a new trail is told in two ways.
        event_rw: given(resource, node, "event_rw", None),
        is_logging: status.clone().map(|status| status == "Enable"),
        status,
        started: Fact::Absent,
        oss_bucket: source.reference(resource, node, "oss_bucket_name", BUCKETS, &["bucket"]),
        oss_bucket_region: Fact::Absent,
        oss_key_prefix: node.text("oss_key_prefix"),
        oss_bucket_reachable: Fact::Absent,
        oss_write_role: role(source, resource, node, "oss_write_role_arn"),
        sls_project_arn: project(source, resource, node),
        logstore_reachable: Fact::Absent,
        sls_write_role: role(source, resource, node, "sls_write_role_arn"),
        delivery: Fact::default(),
        insights: Fact::default(),
        location: Some(source.location(resource)),
    };
    TrailView {
        trail,
        is_created: resource.is_created(),
        max_compute: node.text("max_compute_project_arn"),
        selectors: node.text("event_selectors"),
        selector_regions: node.text("data_event_trail_region"),
    }
}

trait OrKnown {
    fn or_known(self, other: Option<String>) -> Self;
}

impl OrKnown for Fact<String> {
    fn or_known(self, other: Option<String>) -> Self {
        match (self, other) {
            (Fact::Known(text), _) | (_, Some(text)) => Fact::Known(text),
            (fact, None) => fact,
        }
    }
}

/// Whether a trail logs. A trail of `alicloud` that is made without `status` stays as the service makes it, which does not log;
/// its next plan is empty (measured).
fn status(resource: &Resource, node: Node<'_>) -> Fact<String> {
    let never_started = || Fact::Known("Fresh".to_owned());
    match node.text("status") {
        Fact::Absent if resource.is_of_alicloud() => never_started(),
        Fact::Unknown(_) if resource.is_of_alicloud() && resource.gives("status") == Some(false) => {
            never_started()
        }
        status => status,
    }
}

/// An attribute that the service decides if the configuration does not.
fn given(resource: &Resource, node: Node<'_>, attribute: &str, default: Option<&str>) -> Fact<String> {
    let left_out = match node.text(attribute) {
        Fact::Absent => true,
        Fact::Unknown(_) => resource.gives(attribute) == Some(false),
        _ => false,
    };
    match (left_out, default) {
        (true, Some(default)) => Fact::Known(default.to_owned()),
        (true, None) => Fact::Unknown(format!(
            "{attribute} is left out, and what the service makes of that is not certain"
        )),
        (false, _) => node.text(attribute),
    }
}

/// The ARN of the log project. Of a project that the plan makes, it is put together from what is known.
fn project(source: Source<'_, '_>, resource: &Resource, node: Node<'_>) -> Fact<String> {
    match node.text("sls_project_arn") {
        Fact::Unknown(_) => {}
        arn => return arn,
    }
    let target = source.references.resolve(resource, "sls_project_arn", PROJECTS, source.resources);
    let Some((target, side)) = target.and_then(|target| Some((target, target.side(source.side)?))) else {
        return not_yet("sls_project_arn");
    };
    let name = source.name(target, side, &["project_name", "name"]);
    let region = source.region(target, side).unwrap_or_default();
    Fact::Known(format!("acs:log:{region}:{}:project/{name}", source.account(target)))
}

fn role(source: Source<'_, '_>, resource: &Resource, node: Node<'_>, attribute: &str) -> Fact<String> {
    match node.text(attribute) {
        // The service-linked role, unless the configuration says otherwise.
        Fact::Unknown(_) if resource.gives(attribute) == Some(false) => Fact::Absent,
        Fact::Unknown(why) => {
            let target = source.references.resolve(resource, attribute, ROLES, source.resources);
            let target = target
                .and_then(|target| Some(super::others::role_arn(source, target, target.side(source.side)?)));
            target.map_or(Fact::Unknown(why), Fact::Known)
        }
        arn => arn,
    }
}
