//! CreateTrail, UpdateTrail and DeleteTrail.

use serde_json::{Value, json};

use super::{Status, Trail, delivery, destinations, history_jobs, home_of, switches, trail_mut};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::regions;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;

/// Trails whose home may be one region of an account.
const TRAILS_PER_REGION: usize = 5;

/// Where a trail keeps a setting.
type Setting = fn(&mut Trail) -> &mut String;

/// Parameter names and the settings they fill.
const SETTINGS: &[(&str, Setting)] = &[
    ("EventRW", |trail| &mut trail.event_rw),
    ("TrailRegion", |trail| &mut trail.trail_region),
    ("OssBucketName", |trail| &mut trail.oss_bucket_name),
    ("OssKeyPrefix", |trail| &mut trail.oss_key_prefix),
    ("OssWriteRoleArn", |trail| &mut trail.oss_write_role_arn),
    ("SlsProjectArn", |trail| &mut trail.sls_project_arn),
    ("SlsWriteRoleArn", |trail| &mut trail.sls_write_role_arn),
    ("MaxComputeProjectArn", |trail| &mut trail.max_compute_project_arn),
    ("MaxComputeWriteRoleArn", |trail| &mut trail.max_compute_write_role_arn),
];

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "Name")?;
    check_name(name)?;
    let mut trail = Trail {
        status: Status::Fresh,
        event_rw: String::new(),
        trail_region: String::new(),
        is_organization_trail: rpc::flag(call, "IsOrganizationTrail", "InvalidQueryParameter")?,
        oss_bucket_name: String::new(),
        oss_key_prefix: String::new(),
        oss_write_role_arn: String::new(),
        sls_project_arn: String::new(),
        sls_write_role_arn: String::new(),
        max_compute_project_arn: String::new(),
        max_compute_write_role_arn: String::new(),
        create_time: call.now,
        update_time: call.now,
        start_logging_time: None,
        stop_logging_time: None,
        latest_delivery_time: None,
        latest_delivery_log_service_time: None,
        data_event_selector: None,
        insight_selectors: Vec::new(),
    };
    fill(cloud, call, &mut trail, true);
    check_settings(cloud, &trail, cloud.switches.on(&switches::ALLOW_TRAIL_WITHOUT_DESTINATION))?;
    check_account(cloud, call, name, &trail)?;
    commit(cloud, call, &call.region, name, trail)
}

pub(super) fn update(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "Name")?;
    let home = home_of(cloud, call, name)?;
    delivery::deliver(cloud, &call.caller.account, &home, name, call.now)?;
    let mut trail = trail_mut(cloud, &call.caller.account, &home, name)?.clone();
    let replace = cloud.switches.is(&switches::UPDATE_TRAIL, "replace");
    let may_lack = !delivers(&trail);
    fill(cloud, call, &mut trail, replace);
    check_settings(cloud, &trail, may_lack)?;
    trail.update_time = call.now;
    commit(cloud, call, &home, name, trail)
}

/// Delivered objects, the logstore and its data stay (API reference, DeleteTrail).
pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "Name")?;
    let home = home_of(cloud, call, name)?;
    if history_jobs::is_running(cloud, &call.caller.account, Some(name), call.now) {
        let message = "A history delivery job of the trail is running.";
        return Err(Error::new(400, "ForbiddenDeleteTrail", message));
    }
    cloud.region_mut(&call.caller.account, &home).actiontrail.trails.remove(name);
    Ok(json!({}))
}

/// Takes settings over from the parameters. A missing parameter clears when `replace` is set.
fn fill(cloud: &CloudState, call: &Call, trail: &mut Trail, replace: bool) {
    let keep = cloud.switches.is(&switches::UPDATE_TRAIL_EMPTY, "keep");
    for (name, setting) in SETTINGS {
        match call.param(name) {
            Some(" ") if keep => setting(trail).clear(),
            Some(value) if !(keep && value.is_empty()) => value.clone_into(setting(trail)),
            _ if replace => setting(trail).clear(),
            _ => {}
        }
    }
    if trail.event_rw.is_empty() {
        cloud.switches.get(&switches::DEFAULT_EVENT_RW).clone_into(&mut trail.event_rw);
    }
    if trail.trail_region.is_empty() {
        "All".clone_into(&mut trail.trail_region);
    }
}

/// 6 to 36 characters: a lower-case letter, then lower-case letters, digits, `_` and `-`.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    if first && (6..=36).contains(&name.len()) && name.bytes().all(rest) {
        Ok(())
    } else {
        Err(Error::new(400, "InvalidTrailNameException", "The specified Trail name is invalid."))
    }
}

/// Whether a trail has a destination.
fn delivers(trail: &Trail) -> bool {
    let destinations = [&trail.oss_bucket_name, &trail.sls_project_arn, &trail.max_compute_project_arn];
    destinations.iter().any(|destination| !destination.is_empty())
}

/// The rules that need no knowledge of other resources. Assumed: an update may leave a trail without destination as it is,
/// and not take the last one away.
fn check_settings(cloud: &CloudState, trail: &Trail, may_lack_destination: bool) -> Result<(), Error> {
    if !delivers(trail) && !may_lack_destination {
        let message =
            "The trail must have an OSS bucket, a log project or a MaxCompute project to deliver to.";
        return Err(Error::new(400, "InvalidDeliveryConfigurationException", message));
    }
    check_prefix(&trail.oss_key_prefix)?;
    if !["All", "Read", "Write"].contains(&trail.event_rw.as_str()) {
        return Err(invalid("EventRW must be All, Read or Write."));
    }
    let regions: Vec<&str> = trail.trail_region.split(',').collect();
    let known = trail.trail_region == "All" || regions.iter().all(|region| regions::exists(region));
    if !known || (regions.len() > 1 && cloud.switches.is(&switches::TRAIL_REGION_LIST, "refuse")) {
        return Err(invalid("TrailRegion must be All or the id of a region."));
    }
    destinations::check_max_compute(trail)
}

/// Empty, or 6 to 32 characters: a letter, then letters, digits, `/`, `_` and `-`.
fn check_prefix(prefix: &str) -> Result<(), Error> {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    let first = prefix.bytes().next().is_none_or(|byte| byte.is_ascii_alphabetic());
    if prefix.is_empty() || (first && (6..=32).contains(&prefix.len()) && prefix.bytes().all(rest)) {
        Ok(())
    } else {
        Err(Error::new(400, "InvalidPrefixException", "The specified OSS key prefix is invalid."))
    }
}

/// The rules about the account's other trails. Their order is assumed.
fn check_account(cloud: &CloudState, call: &Call, name: &str, trail: &Trail) -> Result<(), Error> {
    let account = cloud.accounts.get(&call.caller.account);
    let regions = || account.into_iter().flat_map(|account| &account.regions);
    if regions().any(|(_, region)| region.actiontrail.trails.contains_key(name)) {
        let message = "The specified Trail name already exists.";
        return Err(Error::new(400, "TrailAlreadyExistsException", message));
    }
    if trail.is_organization_trail {
        if !account.is_some_and(|account| account.organization_admin) {
            let message =
                "Only a management account or a delegated administrator may create organization trails.";
            return Err(Error::new(400, "NotAllowCreateOrganizationTrail", message));
        }
        let mut trails = regions().flat_map(|(_, region)| region.actiontrail.trails.values());
        if trails.any(|trail| trail.is_organization_trail) && cloud.switches.is(&QUOTAS, "on") {
            let message = "The account already has an organization trail.";
            return Err(Error::new(400, "MaximumNumberOfOrganizationTrailExceeded", message));
        }
    }
    let here =
        cloud.region(&call.caller.account, &call.region).map_or(0, |region| region.actiontrail.trails.len());
    if here >= TRAILS_PER_REGION && cloud.switches.is(&QUOTAS, "on") {
        let message = format!("The number of trails has reached the upper limit ({TRAILS_PER_REGION}).");
        return Err(Error::new(403, "MaximumNumberOfTrailsExceededException", message));
    }
    Ok(())
}

/// Checks the destinations, prepares them and keeps the trail.
fn commit(cloud: &mut CloudState, call: &Call, home: &str, name: &str, trail: Trail) -> Outcome {
    let account = &call.caller.account;
    destinations::check(cloud, account, name, &trail)?;
    destinations::prepare(cloud, call, name, &trail)?;
    let mut answer = describe_settings(cloud, account, &trail);
    answer["Name"] = json!(name);
    answer["HomeRegion"] = json!(home);
    cloud.region_mut(account, home).actiontrail.trails.insert(name.to_owned(), trail);
    Ok(answer)
}

/// The settings as answers show them: with the roles that the service fills in.
pub(super) fn describe_settings(cloud: &CloudState, account: &str, trail: &Trail) -> Value {
    let role = |destination: &str, given: &str, filled: bool| match (destination, given) {
        (_, given) if !given.is_empty() => given.to_owned(),
        (destination, _) if !destination.is_empty() && filled => destinations::default_role(account),
        _ => String::new(),
    };
    let echo = cloud.switches.on(&switches::ECHO_OSS_WRITE_ROLE);
    json!({
        "EventRW": trail.event_rw,
        "TrailRegion": trail.trail_region,
        "OssBucketName": trail.oss_bucket_name,
        "OssKeyPrefix": trail.oss_key_prefix,
        "OssWriteRoleArn": role(&trail.oss_bucket_name, &trail.oss_write_role_arn, echo),
        "SlsProjectArn": trail.sls_project_arn,
        "SlsWriteRoleArn": role(&trail.sls_project_arn, &trail.sls_write_role_arn, true),
        "MaxComputeProjectArn": trail.max_compute_project_arn,
        "MaxComputeWriteRoleArn": role(&trail.max_compute_project_arn, &trail.max_compute_write_role_arn, true),
    })
}

pub(super) fn invalid(message: &str) -> Error {
    Error::new(400, "InvalidQueryParameter", message)
}
