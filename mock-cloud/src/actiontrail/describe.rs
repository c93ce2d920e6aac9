//! DescribeTrails: trails at home in a region, shadows of those at home elsewhere, and organization trails.

use serde_json::{Value, json};

use super::delivery::has_organization_trail;
use super::trails::{check_name, describe_settings};
use super::{Trail, switches};
use crate::cloud::{Account, CloudState};
use crate::http::Call;
use crate::rpc::{self, Outcome};

/// What a call asks to see.
struct Filter<'c> {
    names: Vec<&'c str>,
    shadows: bool,
    organization: bool,
}

pub(super) fn describe(cloud: &mut CloudState, call: &Call) -> Outcome {
    let names: Vec<&str> =
        rpc::text(call, "NameList").map(|list| list.split(',').collect()).unwrap_or_default();
    names.iter().try_for_each(|name| check_name(name))?;
    let filter = Filter {
        names,
        shadows: rpc::flag(call, "IncludeShadowTrails", "InvalidQueryParameter")?,
        organization: rpc::flag(call, "IncludeOrganizationTrail", "InvalidQueryParameter")?,
    };
    let caller = &call.caller.account;
    let organization = cloud.accounts.get(caller).and_then(|account| account.organization_id.as_deref());
    let mut list = Vec::new();
    for (id, account) in visible(cloud, caller) {
        // Members see the organization trails of their directory.
        let shared = organization.is_some() && account.organization_id.as_deref() == organization;
        if id != caller && !shared {
            continue;
        }
        for (home, region) in &account.regions {
            for (name, trail) in &region.actiontrail.trails {
                let own = id == caller || trail.is_organization_trail;
                if own && wanted(cloud, &filter, &call.region, home, name, trail, id == caller) {
                    list.push(element(cloud, id, &call.region, home, name, trail));
                }
            }
        }
    }
    Ok(json!({ "TrailList": list }))
}

/// The accounts whose trails a caller may see, in their order: its own, and those with organization trails.
fn visible<'c>(cloud: &'c CloudState, caller: &str) -> Vec<(&'c String, &'c Account)> {
    let mut found: Vec<(&String, &Account)> = match &cloud.events.trails {
        Some(trails) => {
            let others = trails.organization.iter().filter(|id| *id != caller).map(String::as_str);
            others.chain([caller]).filter_map(|id| cloud.accounts.get_key_value(id)).collect()
        }
        None => {
            let may = |(id, account): &(&String, &Account)| *id == caller || has_organization_trail(account);
            cloud.accounts.iter().filter(may).collect()
        }
    };
    found.sort_by_key(|(id, _)| *id);
    found
}

fn wanted(
    cloud: &CloudState,
    filter: &Filter<'_>,
    here: &str,
    home: &str,
    name: &str,
    trail: &Trail,
    mine: bool,
) -> bool {
    let selected = trail.is_organization_trail == filter.organization;
    let kind = match cloud.switches.get(&switches::DESCRIBE_ORGANIZATION) {
        "named" => selected || (mine && filter.names.contains(&name)),
        "selector" => selected,
        "include" => filter.organization || !trail.is_organization_trail,
        _ => true,
    };
    let covers = trail.trail_region == "All" || trail.trail_region.split(',').any(|region| region == here);
    let place = home == here || (filter.shadows && covers);
    kind && place && (filter.names.is_empty() || filter.names.contains(&name))
}

fn element(cloud: &CloudState, account: &str, here: &str, home: &str, name: &str, trail: &Trail) -> Value {
    let mut element = describe_settings(cloud, account, trail);
    let location = cloud.oss.bucket(&trail.oss_bucket_name).map(|bucket| bucket.location.clone());
    let fields = [
        ("Name", json!(name)),
        ("HomeRegion", json!(home)),
        ("Region", json!(here)),
        ("Status", json!(trail.status.name())),
        ("OssBucketLocation", json!(location.unwrap_or_default())),
        ("IsOrganizationTrail", json!(trail.is_organization_trail)),
        ("IsShadowTrail", json!(i32::from(home != here))),
        ("TrailArn", json!(format!("acs:actiontrail:{home}:{account}:trail/{name}"))),
        ("CreateTime", json!(rpc::timestamp(trail.create_time))),
        ("UpdateTime", json!(rpc::timestamp(trail.update_time))),
    ];
    for (field, value) in fields {
        element[field] = value;
    }
    let directory = cloud.accounts.get(account).and_then(|account| account.organization_id.clone());
    if let Some(directory) = directory.filter(|_| trail.is_organization_trail) {
        element["OrganizationId"] = json!(directory);
    }
    for (field, time) in
        [("StartLoggingTime", trail.start_logging_time), ("StopLoggingTime", trail.stop_logging_time)]
    {
        if let Some(time) = time {
            element[field] = json!(rpc::timestamp(time));
        }
    }
    element
}
