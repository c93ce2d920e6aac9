//! Deliveries: how events come into the bucket and the logstore of a trail, by the service clock.
//!
//! Cadence (vendor documentation and observation): the first object about 22 seconds after StartLogging, then one per
//! region about every 5 minutes; the logstore within about a minute. What cannot be delivered waits until it can (assumed).

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use md5::{Digest, Md5};
use serde_json::Value;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::{Status, Trail, destinations, trail_mut};
use crate::cloud::{Account, CloudState};
use crate::events::TrailIndex;
use crate::rpc::Error;
use crate::sls::{self, Log};
use crate::{auth::crypto, events};

/// From StartLogging to the first delivery (observed).
const FIRST: Duration = Duration::seconds(22);
/// Between objects in the bucket.
const BUCKET: Duration = Duration::minutes(5);
/// Between batches in the logstore.
const LOGSTORE: Duration = Duration::minutes(1);

/// Lets time act on all trails up to `now`, at most once per second of it.
pub(crate) fn advance(cloud: &mut CloudState, now: OffsetDateTime) {
    if cloud.events.settled.is_some_and(|settled| settled >= now) {
        return;
    }
    cloud.events.settled = Some(now);
    // A retention policy that has lapsed is in nobody's way.
    crate::oss::settle::settle(&mut cloud.oss, &cloud.switches, now);
    if cloud.events.trails.as_ref().is_none_or(|trails| trails.next_delivery <= now) {
        deliver_all(cloud, now);
    }
    super::history_jobs::advance(cloud, now);
}

/// Catches up with the deliveries of all trails, and notes when the next one falls due.
fn deliver_all(cloud: &mut CloudState, now: OffsetDateTime) {
    let mut trails = Vec::new();
    let mut organization = Vec::new();
    for (account, state) in &cloud.accounts {
        if has_organization_trail(state) {
            organization.push(account.clone());
        }
        for (home, region) in &state.regions {
            let logging =
                region.actiontrail.trails.iter().filter(|(_, trail)| trail.status == Status::Enable);
            trails.extend(logging.map(|(name, _)| (account.clone(), home.clone(), name.clone())));
        }
    }
    let mut next_delivery = OffsetDateTime::new_utc(time::Date::MAX, time::Time::MIDNIGHT);
    for (account, home, name) in trails {
        // It was there a moment ago.
        let _ = deliver(cloud, &account, &home, &name, now);
        if let Ok(trail) = trail_mut(cloud, &account, &home, &name) {
            next_delivery = next_delivery.min(due(trail, now));
        }
    }
    cloud.events.trails = Some(TrailIndex { next_delivery, organization });
}

/// Whether an account has a trail of its whole directory.
pub(super) fn has_organization_trail(account: &Account) -> bool {
    let mut trails = account.regions.values().flat_map(|region| region.actiontrail.trails.values());
    trails.any(|trail| trail.is_organization_trail)
}

/// When a trail delivers next. What could not be delivered is tried again with the next second.
fn due(trail: &Trail, now: OffsetDateTime) -> OffsetDateTime {
    let soon = now.saturating_add(Duration::SECOND);
    let Some(start) = trail.start_logging_time else { return soon };
    let next = |interval, last: Option<OffsetDateTime>| match latest(start, now, interval) {
        None => start.saturating_add(FIRST),
        Some(slot) if last.is_none_or(|last| last < slot) => soon,
        Some(slot) => slot.saturating_add(interval),
    };
    let bucket = (!trail.oss_bucket_name.is_empty()).then(|| next(BUCKET, trail.latest_delivery_time));
    let logstore =
        (!trail.sls_project_arn.is_empty()).then(|| next(LOGSTORE, trail.latest_delivery_log_service_time));
    bucket.into_iter().chain(logstore).min().unwrap_or_else(|| now.saturating_add(BUCKET))
}

/// Catches up with the deliveries that have fallen due, if the destinations can be reached.
pub(super) fn deliver(
    cloud: &mut CloudState,
    account: &str,
    home: &str,
    name: &str,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let trail = trail_mut(cloud, account, home, name)?.clone();
    let Some(start) = trail.start_logging_time.filter(|_| trail.status == Status::Enable) else {
        return Ok(());
    };
    let due = |interval, last: Option<OffsetDateTime>| {
        latest(start, now, interval).filter(|slot| last.is_none_or(|last| *slot > last))
    };
    if !trail.oss_bucket_name.is_empty()
        && let Some(slot) = due(BUCKET, trail.latest_delivery_time)
        && destinations::deliver_to_bucket(cloud, account, &trail).is_ok()
    {
        let place = Located { account, home, trail: &trail };
        let from = trail.latest_delivery_time.map_or(start, |last| last.max(start));
        let time = (slot - Duration::seconds(1)).max(from);
        events::record_delivery(cloud, account, home, &trail.oss_bucket_name, time);
        store(cloud, &place, start, from, slot);
        trail_mut(cloud, account, home, name)?.latest_delivery_time = Some(slot);
    }
    if !trail.sls_project_arn.is_empty()
        && let Some(slot) = due(LOGSTORE, trail.latest_delivery_log_service_time)
        && destinations::reach_logstore(cloud, account, name, &trail).is_ok()
    {
        let place = Located { account, home, trail: &trail };
        let from = trail.latest_delivery_log_service_time.map_or(start, |last| last.max(start));
        let logs = select(cloud, &place, from, slot).into_iter().map(|found| log(&found.value)).collect();
        append(cloud, &trail, name, logs);
        trail_mut(cloud, account, home, name)?.latest_delivery_log_service_time = Some(slot);
    }
    Ok(())
}

/// The last time a delivery was due.
fn latest(start: OffsetDateTime, now: OffsetDateTime, interval: Duration) -> Option<OffsetDateTime> {
    let first = start.checked_add(FIRST)?;
    let since = (now - first).whole_seconds();
    let step = interval.whole_seconds();
    (since >= 0).then(|| now - Duration::seconds(since % step))
}

/// A trail and where it is.
struct Located<'t> {
    account: &'t str,
    home: &'t str,
    trail: &'t Trail,
}

/// An event that a trail takes.
struct Found {
    account: String,
    /// The region it is delivered for: global services count as the trail's home.
    region: String,
    time: OffsetDateTime,
    value: Arc<Value>,
}

/// The events from a time until before another that a trail is for.
fn select(
    cloud: &CloudState,
    place: &Located<'_>,
    from: OffsetDateTime,
    until: OffsetDateTime,
) -> Vec<Found> {
    let Located { account, home, trail } = place;
    let directory = |id: &str| cloud.accounts.get(id).and_then(|account| account.organization_id.as_deref());
    let wide = directory(account).filter(|_| trail.is_organization_trail);
    let taken = cloud.events.iter().filter(|event| {
        let region = if event.global { home } else { event.region.as_str() };
        let covered = trail.trail_region == "All" || trail.trail_region.split(',').any(|id| id == region);
        let kind = match trail.event_rw.as_str() {
            "Read" => !event.write,
            "Write" => event.write,
            _ => true,
        };
        let whose = event.account == *account || (wide.is_some() && directory(&event.account) == wide);
        event.time >= from && event.time < until && covered && kind && whose
    });
    let found = taken.map(|event| Found {
        account: event.account.clone(),
        region: if event.global { (*home).to_owned() } else { event.region.clone() },
        time: event.time,
        value: Arc::clone(&event.value),
    });
    found.collect()
}

/// Stores the events as objects: one for each delivery that would have taken place, region and, with organization
/// trails, account. The key layout is that of the developer guide ("Log storage path").
fn store(
    cloud: &mut CloudState,
    place: &Located<'_>,
    start: OffsetDateTime,
    from: OffsetDateTime,
    until: OffsetDateTime,
) {
    let mut batches: BTreeMap<(OffsetDateTime, String, String), Vec<Arc<Value>>> = BTreeMap::new();
    for found in select(cloud, place, from, until) {
        // The delivery after the event.
        let since = (found.time - start - FIRST).whole_seconds();
        let steps = if since < 0 { 0 } else { since / BUCKET.whole_seconds() + 1 };
        let slot = start + FIRST + Duration::seconds(steps * BUCKET.whole_seconds());
        let account = if place.trail.is_organization_trail { found.account } else { String::new() };
        batches.entry((slot.min(until), account, found.region)).or_default().push(found.value);
    }
    let directory = cloud.accounts.get(place.account).and_then(|account| account.organization_id.clone());
    for ((slot, account, region), events) in batches {
        let Ok(body) = compress(&events) else { continue };
        let day = slot.format(format_description!("[year]/[month]/[day]")).unwrap_or_default();
        let second =
            slot.format(format_description!("[year][month][day][hour][minute][second]")).unwrap_or_default();
        let md5 = crypto::hex(&Md5::digest(&body));
        let prefix = match place.trail.oss_key_prefix.trim_end_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        let wide = match &directory {
            Some(directory) if !account.is_empty() => format!("{directory}/{account}/"),
            _ => String::new(),
        };
        let key = format!(
            "{prefix}AliyunLogs/Actiontrail/{wide}{region}/{day}/Actiontrail_{region}_{second}_1002_{}_{}_{md5}.gz",
            events.len(),
            body.len(),
        );
        let headers = BTreeMap::from([("content-type".to_owned(), "application/gzip".to_owned())]);
        cloud.oss.store(&place.trail.oss_bucket_name, &key, Bytes::from(body), headers, slot);
    }
}

/// The events as a compressed JSON list.
fn compress(events: &[Arc<Value>]) -> std::io::Result<Vec<u8>> {
    let list: Vec<&Value> = events.iter().map(AsRef::as_ref).collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(Value::from(list.into_iter().cloned().collect::<Vec<_>>()).to_string().as_bytes())?;
    encoder.finish()
}

/// An event as a log (developer guide, "Event fields in Simple Log Service").
pub(super) fn log(event: &Value) -> Log {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let time = event["eventTime"].as_str().and_then(|text| time::PrimitiveDateTime::parse(text, format).ok());
    let fields = BTreeMap::from([
        ("__topic__".to_owned(), "actiontrail_audit_event".to_owned()),
        ("__source__".to_owned(), "actiontrail_internal".to_owned()),
        ("event".to_owned(), event.to_string()),
    ]);
    Log { time: time.map_or(0, |time| time.assume_utc().unix_timestamp()), fields }
}

/// Puts logs into the logstore of a trail.
pub(super) fn append(cloud: &mut CloudState, trail: &Trail, name: &str, logs: Vec<Log>) {
    let Some(project) = destinations::project(&trail.sls_project_arn) else { return };
    let (account, region, logstore) = (project.account, project.region, destinations::logstore(name));
    sls::append(cloud, account, region, project.name, &logstore, logs);
}
