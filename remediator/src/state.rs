//! What a change reads before and after, and what it writes. A value is JSON, null for what is not there.

use alibaba::actiontrail::{DescribeTrails, Trail, TrailSettings};
use alibaba::oss::LifecycleRule;
use alibaba::sls::{Index, IndexKey, IndexLine, LogstoreSettings};
use alibaba::{Client, Error};
use serde_json::{Value, json};

use crate::change::Change;

/// Reads the value that a change is about.
///
/// # Errors
/// Those of the call, and an object that is gone.
pub async fn read(client: &Client, region: &str, change: &Change) -> Result<Value, Error> {
    let (oss, sls, trails) = (client.oss(region), client.sls(region), client.actiontrail(region));
    Ok(match change {
        Change::BlockPublicAccess { bucket } => oss.get_bucket_public_access_block(bucket).await?.into(),
        Change::MakePrivate { bucket } => oss.get_bucket_acl(bucket).await?.into(),
        Change::EnableVersioning { bucket } => json!(oss.get_bucket_versioning(bucket).await?),
        Change::RefusePlainHttp { bucket } => match oss.get_bucket_policy(bucket).await? {
            Some(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            None => Value::Null,
        },
        Change::KeepObjects { bucket, rules, .. } => {
            let found = oss.get_bucket_lifecycle(bucket).await?;
            let days = found.iter().filter(|rule| rules.contains(&rule.id)).map(days_of);
            days.collect::<serde_json::Map<_, _>>().into()
        }
        Change::LockArchive { bucket, .. } => match oss.get_bucket_worm(bucket).await? {
            Some(worm) => json!({"state": worm.state, "days": worm.retention_period_in_days}),
            None => Value::Null,
        },
        Change::KeepLogs { project, logstore, .. } => {
            json!(sls.get_logstore(project, logstore).await?.ttl)
        }
        Change::MakeSearchable { project, logstore } => match sls.get_index(project, logstore).await? {
            Some(index) => json!({
                "full_text": index.line.is_some(),
                "fields": index.keys.map_or(0, |keys| keys.len()),
            }),
            None => Value::Null,
        },
        Change::Alert { project, name, .. } => match sls.get_alert(project, name).await? {
            Some(rule) => json!({
                "query": rule["configuration"]["queryList"][0]["query"],
                "enabled": rule["status"].as_str().is_none_or(|status| status.eq_ignore_ascii_case("enabled")),
            }),
            None => Value::Null,
        },
        Change::StoreGlobalEvents { .. } => trails.get_global_events_storage_region().await?.into(),
        Change::WidenTrail { trail } => {
            let found = describe(client, region, trail).await?;
            found.map_or(
                Value::Null,
                |found| json!({"EventRW": found.event_rw, "TrailRegion": found.trail_region}),
            )
        }
        Change::StartLogging { trail } => match describe(client, region, trail).await? {
            Some(found) => {
                trails.get_trail_status(trail, found.is_organization_trail).await?.is_logging.into()
            }
            None => Value::Null,
        },
    })
}

/// What a change makes of the value that was read.
#[must_use]
pub fn wanted(change: &Change, before: &Value) -> Value {
    match change {
        Change::BlockPublicAccess { .. } | Change::StartLogging { .. } => true.into(),
        Change::MakePrivate { .. } => "private".into(),
        Change::EnableVersioning { .. } => "Enabled".into(),
        // A policy that cannot be read cannot be merged either, and stays as it is.
        Change::RefusePlainHttp { .. } if !before.is_null() && !before.is_object() => before.clone(),
        Change::RefusePlainHttp { bucket } => with_statement(before, bucket),
        Change::KeepObjects { days, .. } => {
            let raised = before.as_object().into_iter().flatten().map(|(rule, old)| {
                let old = old.as_i64().unwrap_or_default();
                (rule.clone(), json!(old.max(*days)))
            });
            raised.collect::<serde_json::Map<_, _>>().into()
        }
        Change::LockArchive { days, .. } => json!({"state": "InProgress", "days": days}),
        Change::KeepLogs { days, .. } => before.as_i64().unwrap_or_default().max(*days).into(),
        Change::MakeSearchable { .. } => json!({
            "full_text": true,
            "fields": before["fields"].as_u64().filter(|count| *count > 0).unwrap_or(1),
        }),
        Change::Alert { query, .. } => json!({"query": query, "enabled": true}),
        Change::StoreGlobalEvents { region } => region.as_str().into(),
        Change::WidenTrail { .. } => json!({"EventRW": "All", "TrailRegion": "All"}),
    }
}

/// Writes a value, which is one that [`read`] or [`wanted`] gave; `now` is what is there.
///
/// # Errors
/// Those of the calls.
pub async fn write(
    client: &Client,
    region: &str,
    change: &Change,
    value: &Value,
    now: &Value,
) -> Result<(), Error> {
    let (oss, sls, trails) = (client.oss(region), client.sls(region), client.actiontrail(region));
    match change {
        Change::BlockPublicAccess { bucket } => {
            oss.put_bucket_public_access_block(bucket, value == &Value::Bool(true)).await
        }
        Change::MakePrivate { bucket } => {
            oss.put_bucket_acl(bucket, value.as_str().unwrap_or("private")).await
        }
        Change::EnableVersioning { bucket } => {
            oss.put_bucket_versioning(bucket, value.as_str().unwrap_or("Enabled")).await
        }
        Change::RefusePlainHttp { bucket } => match value {
            Value::Null => oss.delete_bucket_policy(bucket).await,
            document => oss.put_bucket_policy(bucket, &document.to_string()).await,
        },
        Change::KeepObjects { bucket, .. } => {
            let mut all = oss.get_bucket_lifecycle(bucket).await?;
            for rule in &mut all {
                if let (Some(days), Some(expiration)) = (value[&rule.id].as_i64(), &mut rule.expiration) {
                    expiration.days = Some(days);
                    expiration.created_before_date = None;
                    expiration.date = None;
                }
            }
            oss.put_bucket_lifecycle(bucket, &all, true).await
        }
        Change::LockArchive { bucket, days } => match value {
            Value::Null => oss.abort_bucket_worm(bucket).await,
            _ => oss.initiate_bucket_worm(bucket, *days).await,
        },
        Change::KeepLogs { project, logstore, .. } => {
            let found = sls.get_logstore(project, logstore).await?;
            // An update gives a logstore exactly what it names, so that all else is repeated. Days of 0 and -1 mean unset.
            let set = |days: Option<i64>| days.filter(|days| *days > 0);
            let settings = LogstoreSettings {
                logstore_name: logstore.clone(),
                ttl: value.as_i64().unwrap_or_default(),
                hot_ttl: set(found.hot_ttl),
                infrequent_access_ttl: set(found.infrequent_access_ttl),
                auto_split: found.auto_split,
                max_split_shard_count: set(found.max_split_shard_count)
                    .filter(|_| found.auto_split == Some(true)),
                append_meta: found.append_meta,
                enable_web_tracking: found.enable_web_tracking,
                ..LogstoreSettings::default()
            };
            sls.update_logstore(project, &settings).await
        }
        Change::MakeSearchable { project, logstore } => match (value, now) {
            (Value::Null, _) => sls.delete_index(project, logstore).await,
            (_, Value::Null) => sls.create_index(project, logstore, &searchable(Index::default())).await,
            _ => {
                let found = sls.get_index(project, logstore).await?.unwrap_or_default();
                sls.update_index(project, logstore, &searchable(found)).await
            }
        },
        Change::Alert { project, logstore, name, title, query } => match (value, now) {
            (Value::Null, _) => sls.delete_alert(project, name).await,
            (_, Value::Null) => {
                let document = alert([project, logstore, name, title, query], region);
                sls.create_alert(project, name, &document).await
            }
            (value, _) => sls.switch_alert(project, name, value["enabled"] == true).await,
        },
        Change::StoreGlobalEvents { .. } => {
            trails.update_global_events_storage_region(value.as_str().unwrap_or_default()).await
        }
        Change::WidenTrail { trail } => {
            let Some(found) = describe(client, region, trail).await? else { return Ok(()) };
            let text = |name: &str| value[name].as_str().unwrap_or("All").to_owned();
            let settings = TrailSettings {
                event_rw: text("EventRW"),
                trail_region: text("TrailRegion"),
                ..settings(found)
            };
            trails.update_trail(&settings).await.map(drop)
        }
        Change::StartLogging { trail } => match value {
            Value::Bool(true) => trails.start_logging(trail).await,
            _ => trails.stop_logging(trail).await,
        },
    }
}

/// Whether a trail has delivered anything, to a bucket or a logstore.
///
/// # Errors
/// Those of the calls.
pub async fn has_delivered(client: &Client, region: &str, trail: &str) -> Result<bool, Error> {
    let Some(found) = describe(client, region, trail).await? else { return Ok(false) };
    let service = client.actiontrail(region);
    let status = service.get_trail_status(trail, found.is_organization_trail).await?;
    Ok(status.latest_delivery_time.is_some() || status.latest_delivery_log_service_time.is_some())
}

/// The trail of this name whose home is the region.
async fn describe(client: &Client, region: &str, name: &str) -> Result<Option<Trail>, Error> {
    let which = DescribeTrails { include_organization_trail: true, ..DescribeTrails::default() };
    let trails = client.actiontrail(region);
    let mut found = trails.describe_trails(which).await?;
    if !found.iter().any(|trail| trail.name == name) {
        // By one reading of the API, the flag leaves the account's own trails out.
        found = trails.describe_trails(DescribeTrails::default()).await?;
    }
    Ok(found.iter().find(|trail| trail.name == name && !trail.is_shadow()).cloned())
}

/// The settings of a trail as they are, which an update has to repeat.
fn settings(trail: Trail) -> TrailSettings {
    TrailSettings {
        name: trail.name,
        oss_bucket_name: trail.oss_bucket_name,
        oss_key_prefix: trail.oss_key_prefix,
        oss_write_role_arn: trail.oss_write_role_arn,
        sls_project_arn: trail.sls_project_arn,
        sls_write_role_arn: trail.sls_write_role_arn,
        max_compute_project_arn: trail.max_compute_project_arn,
        max_compute_write_role_arn: trail.max_compute_write_role_arn,
        event_rw: trail.event_rw.unwrap_or_default(),
        trail_region: trail.trail_region.unwrap_or_default(),
    }
}

fn days_of(rule: &LifecycleRule) -> (String, Value) {
    (rule.id.clone(), json!(rule.expiration.as_ref().and_then(|expiration| expiration.days)))
}

/// The policy with the statement that denies plain HTTP behind those that it has.
fn with_statement(policy: &Value, bucket: &str) -> Value {
    let statement = json!({
        "Effect": "Deny",
        "Principal": ["*"],
        "Action": ["oss:*"],
        "Resource": [format!("acs:oss:*:*:{bucket}"), format!("acs:oss:*:*:{bucket}/*")],
        "Condition": {"Bool": {"acs:SecureTransport": ["false"]}},
    });
    let mut statements = match &policy["Statement"] {
        Value::Array(statements) => statements.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    if !statements.contains(&statement) {
        statements.push(statement);
    }
    let version = policy["Version"].as_str().unwrap_or("1");
    json!({"Version": version, "Statement": statements})
}

/// An index with full text, and with the field `event` as JSON where it has no field: what searches and alerts of trails need.
/// Everything else in it stays.
fn searchable(index: Index) -> Index {
    let token = Some(reconciler::sls_index::separators());
    let event = || IndexKey {
        kind: "json".to_owned(),
        doc_value: Some(true),
        token: token.clone(),
        index_all: Some(true),
        ..IndexKey::default()
    };
    let keys = index.keys.filter(|keys| !keys.is_empty());
    Index {
        line: index.line.or_else(|| Some(IndexLine { token: token.clone(), ..IndexLine::default() })),
        keys: Some(keys.unwrap_or_else(|| [("event".to_owned(), event())].into())),
        ..index
    }
}

fn alert([project, logstore, name, title, query]: [&String; 5], region: &str) -> Value {
    json!({
        "name": name,
        "displayName": title,
        "schedule": {"type": "FixedRate", "interval": "15m"},
        "configuration": {
            "version": "2.0",
            "type": "default",
            "dashboard": "internal-alert-analysis",
            "threshold": 1,
            "severityConfigurations": [
                {"severity": 8, "evalCondition": {"condition": "", "countCondition": ""}}
            ],
            "queryList": [{
                "query": query,
                "storeType": "log",
                "project": project,
                "store": logstore,
                "region": region,
                "timeSpanType": "Truncated",
                "start": "-15m",
                "end": "absolute",
            }],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_merged_and_never_overwritten() {
        let own =
            json!({"Effect": "Allow", "Principal": ["1"], "Action": ["oss:GetObject"], "Resource": ["x"]});
        let before = json!({"Version": "1", "Statement": [own]});
        let change = Change::RefusePlainHttp { bucket: "b".into() };
        let after = wanted(&change, &before);
        assert_eq!(after["Statement"][0], own);
        assert_eq!(after["Statement"].as_array().unwrap().len(), 2);
        assert_eq!(wanted(&change, &after), after, "once is enough");
        assert_eq!(wanted(&change, &Value::Null)["Statement"].as_array().unwrap().len(), 1);
        for unreadable in [json!("not a policy"), json!([1])] {
            assert_eq!(wanted(&change, &unreadable), unreadable, "what cannot be merged is not replaced");
        }
    }

    #[test]
    fn an_index_keeps_what_it_has() {
        let found: Index = serde_json::from_value(json!({"max_text_len": 4096, "log_reduce": true})).unwrap();
        let made = searchable(found);
        assert_eq!((made.max_text_len, made.log_reduce), (Some(4096), Some(true)));
        assert!(made.line.is_some() && made.keys.as_ref().unwrap().contains_key("event"));
        assert_eq!(searchable(made.clone()), made);
    }

    #[test]
    fn retention_is_only_raised() {
        let logs = Change::KeepLogs { project: "p".into(), logstore: "l".into(), days: 365 };
        assert_eq!((wanted(&logs, &json!(30)), wanted(&logs, &json!(3650))), (json!(365), json!(3650)));
        let objects = Change::KeepObjects { bucket: "b".into(), rules: vec!["a".into()], days: 365 };
        assert_eq!(wanted(&objects, &json!({"a": 30})), json!({"a": 365}));
    }
}
