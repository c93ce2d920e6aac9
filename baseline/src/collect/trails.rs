//! The trails of an account in every region, with their status, deliveries and insights.

use std::collections::BTreeMap;

use alibaba::actiontrail::{DescribeTrails, LookupEvents, Trail as Described, TrailStatus};
use alibaba::{Client, Error, region};
use futures_util::future::join_all;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::Options;
use super::error::{fact, not_looked, why};
use crate::facts::{Delivery, Fact, RegionNotLookedAt, Trail};

/// What was found of trails.
pub(super) struct Found {
    pub(super) trails: Fact<Vec<Trail>>,
    pub(super) not_looked_at: Vec<RegionNotLookedAt>,
}

const DESCRIBE: &str = "actiontrail:DescribeTrails";
const STATUS: &str = "actiontrail:GetTrailStatus";

pub(super) async fn trails(client: &Client, account: &str, options: &Options, now: OffsetDateTime) -> Found {
    let mut not_looked_at = Vec::new();
    let first = &options.region;
    let regions = match client.actiontrail(first).describe_regions().await {
        Ok(regions) => regions.into_iter().map(|region| region.region_id).collect(),
        Err(error) => {
            let (action, reason) = why(&error, "actiontrail:DescribeRegions");
            not_looked_at.push(RegionNotLookedAt {
                region: "other than the first".to_owned(),
                action,
                reason,
            });
            Vec::new()
        }
    };
    let mut asked: Vec<(String, DescribeTrails)> = Vec::new();
    // Whether asking for organization trails adds them or selects them, the vendor's texts do not agree about: both are asked.
    for include_organization_trail in [false, true] {
        asked.push((
            first.clone(),
            DescribeTrails { include_shadow_trails: true, include_organization_trail },
        ));
        let others = regions.iter().filter(|region| *region != first);
        let which = DescribeTrails { include_shadow_trails: false, include_organization_trail };
        if !include_organization_trail || options.owns_organization_trails {
            asked.extend(others.map(|region| (region.clone(), which)));
        }
    }
    let answers = join_all(asked.into_iter().map(|(region, which)| async move {
        let answer = client.actiontrail(&region).describe_trails(which).await;
        (region, answer)
    }))
    .await;
    let mut described: BTreeMap<(String, String), Described> = BTreeMap::new();
    let mut failed: Option<Error> = None;
    let mut any = false;
    for (region, answer) in answers {
        match answer {
            Ok(trails) => {
                any = true;
                for trail in trails.iter() {
                    let owner = trail.account_id().unwrap_or(account).to_owned();
                    described.entry((owner, trail.name.clone())).or_insert_with(|| trail.clone());
                }
            }
            Err(error) => {
                let (action, reason) = why(&error, DESCRIBE);
                if not_looked_at.iter().all(|known| known.region != region) {
                    not_looked_at.push(RegionNotLookedAt { region, action, reason });
                }
                failed.get_or_insert(error);
            }
        }
    }
    match failed {
        Some(error) if !any => Found { trails: not_looked(&error, DESCRIBE), not_looked_at: Vec::new() },
        _ => {
            let read = described
                .into_iter()
                .map(|((owner, _), trail)| complete(client, account, owner, trail, options, now));
            Found { trails: Fact::Known(join_all(read).await), not_looked_at }
        }
    }
}

/// Adds what its own account can ask about a trail.
async fn complete(
    client: &Client,
    account: &str,
    owner: String,
    described: Described,
    options: &Options,
    now: OffsetDateTime,
) -> Trail {
    let mut trail = settings(&described, owner);
    if trail.account != account {
        // Members see a trail of their organization, and cannot ask for its status.
        trail.is_logging = trail.status.clone().map(|status| status == "Enable");
        (trail.oss_bucket_reachable, trail.logstore_reachable) = (Fact::Absent, Fact::Absent);
        return trail;
    }
    let home = described.home_region.as_deref().unwrap_or(&options.region);
    let service = client.actiontrail(home);
    let (status, insights) = tokio::join!(
        service.get_trail_status(&described.name, described.is_organization_trail),
        service.get_insight_selectors(&described.name),
    );
    trail.insights = fact(insights, "actiontrail:GetInsightSelectors");
    match status {
        Ok(status) => {
            let delivery = delivery(client, home, &trail, &status, options, now).await;
            apply(&mut trail, &status, delivery);
        }
        Err(error) => {
            trail.is_logging = not_looked(&error, STATUS);
            trail.oss_bucket_reachable = not_looked(&error, STATUS);
            trail.logstore_reachable = not_looked(&error, STATUS);
            trail.delivery = not_looked(&error, STATUS);
        }
    }
    trail
}

fn settings(described: &Described, owner: String) -> Trail {
    let text = |value: &Option<String>| Fact::from(value.clone());
    Trail {
        name: described.name.clone(),
        account: owner,
        arn: text(&described.trail_arn),
        home_region: text(&described.home_region),
        is_organization_trail: described.is_organization_trail,
        trail_region: text(&described.trail_region),
        event_rw: text(&described.event_rw),
        status: text(&described.status),
        started: moment(described.start_logging_time.as_deref()),
        oss_bucket: text(&described.oss_bucket_name),
        oss_bucket_region: text(&described.oss_bucket_location)
            .map(|location| region::of_oss_location(&location).to_owned()),
        oss_key_prefix: text(&described.oss_key_prefix),
        oss_write_role: text(&described.oss_write_role_arn),
        sls_project_arn: text(&described.sls_project_arn),
        sls_write_role: text(&described.sls_write_role_arn),
        ..Trail::default()
    }
}

fn apply(trail: &mut Trail, status: &TrailStatus, delivery: Delivery) {
    trail.is_logging = Fact::Known(status.is_logging);
    trail.oss_bucket_reachable = status.oss_bucket_status.into();
    trail.logstore_reachable = status.sls_log_store_status.into();
    trail.delivery = Fact::Known(delivery);
    if let started @ Fact::Known(_) = moment(status.start_logging_time.as_deref()) {
        trail.started = started;
    }
}

/// The last deliveries, and where they are old, an event that should have followed.
async fn delivery(
    client: &Client,
    home: &str,
    trail: &Trail,
    status: &TrailStatus,
    options: &Options,
    now: OffsetDateTime,
) -> Delivery {
    let mut delivery = Delivery {
        oss_time: parse(status.latest_delivery_time.as_deref()),
        oss_error: status.latest_delivery_error.clone(),
        sls_time: parse(status.latest_delivery_log_service_time.as_deref()),
        sls_error: status.latest_delivery_log_service_error.clone(),
        undelivered_event: None,
    };
    let late = |destination: &Fact<String>, time: Option<OffsetDateTime>, minutes: i64| {
        let allowed = Duration::minutes(minutes);
        let is_late = destination.known().is_some() && time.is_none_or(|time| now - time > allowed);
        is_late.then_some((time, allowed))
    };
    let late = [
        late(&trail.oss_bucket, delivery.oss_time, options.oss_freshness_minutes),
        late(&trail.sls_project_arn, delivery.sls_time, options.sls_freshness_minutes),
    ];
    let started = trail.started.known().copied();
    let Some((from, allowed)) = late.into_iter().flatten().max_by_key(|(_, allowed)| *allowed) else {
        return delivery;
    };
    // What happened before the trail was started is none of its business.
    let from = [from, started].into_iter().flatten().max();
    let (Some(from), true) = (from.map(|from| from + Duration::minutes(1)), status.is_logging) else {
        return delivery;
    };
    let until = now - allowed;
    if from >= until {
        return delivery;
    }
    let window = Some((stamp(from), stamp(until)));
    let which = LookupEvents { window, ..LookupEvents::default() };
    // Events that cannot be looked up prove nothing.
    if let Ok(found) = client.actiontrail(home).lookup_events(&which, 1).await {
        let time = found.events.first().and_then(|event| event["eventTime"].as_str());
        delivery.undelivered_event = parse(time);
    }
    delivery
}

fn stamp(moment: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    moment.format(form).unwrap_or_default()
}

/// A time of the service: RFC 3339, or in older answers milliseconds since 1970.
fn parse(text: Option<&str>) -> Option<OffsetDateTime> {
    let text = text?;
    match text.parse::<i64>() {
        Ok(milliseconds) => OffsetDateTime::from_unix_timestamp(milliseconds / 1000).ok(),
        Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok(),
    }
}

fn moment(text: Option<&str>) -> Fact<OffsetDateTime> {
    match (text, parse(text)) {
        (None, _) => Fact::Absent,
        (Some(_), Some(moment)) => Fact::Known(moment),
        (Some(text), None) => Fact::Unknown(format!("{text:?} is no time")),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_read_in_either_form() {
        let expected = datetime!(2021-02-26 09:19:44 UTC);
        assert_eq!(parse(Some("2021-02-26T09:19:44Z")), Some(expected));
        assert_eq!(parse(Some("1614331184000")), Some(expected));
        assert_eq!(stamp(expected), "2021-02-26T09:19:44Z");
        assert_eq!((parse(Some("soon")), parse(None)), (None, None));
        assert!(matches!(moment(Some("soon")), Fact::Unknown(_)));
    }
}
