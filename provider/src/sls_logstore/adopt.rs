//! Taking over a logstore that exists, such as the one that ActionTrail makes: what a plan says about it, and what
//! stands in the way.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use alibaba::Error;
use alibaba::sls::Logstore;
use plugin::{Attr, Cx, Diagnostic, Diagnostics, Path, Plan};

use super::calls::Logstores;
use super::losses::losses;
use super::model::LogstoreModel;
use super::tiers::PERMANENT;
use crate::config::Cloud;
use crate::place::enter;

/// How long a plan may wait to learn what the store is like.
const PLANNING: Duration = Duration::from_secs(10);

/// A store younger than this was made for the trail that is being made with it, and holds nothing to lose yet.
const NEW: Duration = Duration::from_secs(3600);

/// What taking over means, in the plan: which retention is shortened, and what the apply will refuse. A store that
/// cannot be seen is no obstacle to a plan.
pub(super) async fn foresee(cx: &Cx<Cloud>, plan: &mut Plan<LogstoreModel>) {
    let planned = plan.planned().clone();
    let (Some(_), Some(_)) = (planned.project_name.get(), planned.logstore_name.get()) else {
        plan.diagnostics.extend(will_be_cut(&planned));
        return;
    };
    match tokio::time::timeout(PLANNING, existing(cx, &planned)).await.ok().flatten() {
        None => plan.diagnostics.extend(will_be_cut(&planned)),
        Some((existing, store)) => {
            let (shorter, others): (Vec<_>, Vec<_>) = losses(&existing, Some(&planned))
                .into_iter()
                .partition(|loss| loss.path == Path::attribute("retention_period"));
            if !shorter.is_empty() && is_new(&store) {
                plan.diagnostics.extend(will_be_cut(&planned));
            } else {
                plan.losses.extend(shorter);
            }
            plan.losses.extend(others);
            for mut obstacle in obstacles(&existing, &planned).0 {
                obstacle.severity = plugin::Severity::Warning;
                obstacle.detail.push_str(" As it is, the apply will refuse to take the store over.");
                plan.diagnostics.push(obstacle);
            }
        }
    }
}

/// The store as it is, as far as that can be learned.
async fn existing(cx: &Cx<Cloud>, planned: &LogstoreModel) -> Option<(LogstoreModel, Logstore)> {
    let mut place = enter(cx, planned).await.ok()?;
    place.client = place.client.with_deadline(Instant::now() + PLANNING);
    let stores = Logstores { cx, place, model: planned.clone() };
    let store = stores.find().await.ok()??;
    Some((stores.model.read_from(&store, &stores.place), store))
}

fn is_new(store: &Logstore) -> bool {
    let made = store.create_time.and_then(|made| u64::try_from(made).ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    made.is_some_and(|made| now.saturating_sub(made) < NEW.as_secs())
}

/// The warning about a store that is not there yet, or only just: ActionTrail makes it to keep logs for good.
fn will_be_cut(planned: &LogstoreModel) -> Diagnostics {
    match planned.retention_period.get() {
        Some(days) if *days < PERMANENT => Diagnostic::warning(
            format!("A logstore that is taken over will keep logs for {days} days"),
            format!(
                "ActionTrail makes the store of a trail to keep logs for good (3650). When this one is taken over, it is set \
                 to {days} days, and logs that are older are deleted."
            ),
        )
        .at(Path::attribute("retention_period"))
        .into(),
        _ => Diagnostics::new(),
    }
}

/// What the service cannot change about an existing store, and the configuration has otherwise.
pub(super) fn obstacles(existing: &LogstoreModel, planned: &LogstoreModel) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut differs = |path: Path, has: &str| {
        let message = Diagnostic::error(
            format!("{} exists, with another {path}", planned.label()),
            format!("The store {has}, which the service cannot change. Set {path} to that."),
        );
        found.push(message.at(path));
    };
    let quoted = |value: &Attr<String>| format!("{:?}", value.as_str().unwrap_or_default());
    if let (Some(days), Attr::Null) = (existing.infrequent_access_ttl.get(), &planned.infrequent_access_ttl) {
        differs(
            Path::attribute("infrequent_access_ttl"),
            &format!("keeps logs in infrequent-access storage for {days} days"),
        );
    }
    if existing.telemetry_type != planned.telemetry_type {
        let has = format!("has the telemetry type {}", quoted(&existing.telemetry_type));
        differs(Path::attribute("telemetry_type"), &has);
    }
    if let Some(conf) = existing.encrypt_conf.get() {
        let path = Path::attribute("encrypt_conf");
        match planned.encrypt_conf.get() {
            None if planned.encrypt_conf.is_null() => {
                let has = format!("has an encryption of type {}", quoted(&conf.encrypt_type));
                differs(path, &has);
            }
            Some(wanted) if wanted.encrypt_type != conf.encrypt_type => {
                let has = format!("has an encryption of type {}", quoted(&conf.encrypt_type));
                differs(path.child("encrypt_type"), &has);
            }
            Some(wanted) if wanted.user_cmk_info != conf.user_cmk_info => {
                let key = conf.user_cmk_info.get();
                let has = match key {
                    Some(key) => format!("is encrypted with the key {}", quoted(&key.cmk_key_id)),
                    None => "is encrypted with a key of the service (leave it out)".to_owned(),
                };
                differs(path.child("user_cmk_info"), &has);
            }
            _ => {}
        }
    }
    found.extend(mode(existing, planned));
    found
}

/// A mode that the store cannot change to.
pub(super) fn mode(now: &LogstoreModel, planned: &LogstoreModel) -> Diagnostics {
    if now.mode.as_str() != Some("standard") || planned.mode.as_str() != Some("lite") {
        return Diagnostics::new();
    }
    Diagnostic::error(
        format!("{} cannot become lite", planned.label()),
        "The service does not turn a standard store into a lite one. Put mode back to \"standard\" or use \"query\", or give \
         the resource a new logstore_name, which makes a second store beside this one.",
    )
    .at(Path::attribute("mode"))
    .into()
}

/// Whether ActionTrail may be about to make the store: it makes that of a trail on its own, shortly after the trail.
pub(super) fn may_be_coming(model: &LogstoreModel) -> bool {
    model.adopts() && model.name().starts_with("actiontrail_")
}

/// What to tell about a store that was made here because nobody else did.
pub(super) fn made_here(model: &LogstoreModel, waited: &Error) -> Diagnostic {
    Diagnostic::warning(
        format!("{} was not there and has been made", model.label()),
        format!(
            "ActionTrail makes the store of a trail, with its index, when the trail is made ({waited}). A store that is made \
             here has no index. If no trail delivers to it, check the names of trail and project."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::model::{EncryptConfModel, UserCmkInfoModel};
    use super::*;

    fn plain() -> LogstoreModel {
        LogstoreModel {
            project_name: "audit".into(),
            logstore_name: "actiontrail_audit".into(),
            mode: "standard".into(),
            telemetry_type: "None".into(),
            retention_period: 180.into(),
            adopt_existing: true.into(),
            ..LogstoreModel::default()
        }
    }

    fn encrypted(kind: &str, key: Option<&str>) -> LogstoreModel {
        let key = key.map(|key| UserCmkInfoModel { cmk_key_id: key.into(), ..UserCmkInfoModel::default() });
        let conf =
            EncryptConfModel { enable: true.into(), encrypt_type: kind.into(), user_cmk_info: key.into() };
        LogstoreModel { encrypt_conf: conf.into(), ..plain() }
    }

    fn paths(existing: &LogstoreModel, planned: &LogstoreModel) -> Vec<String> {
        obstacles(existing, planned).0.into_iter().map(|found| found.path.to_string()).collect()
    }

    #[test]
    fn what_cannot_change_is_an_obstacle_and_the_rest_is_not() {
        assert!(paths(&plain(), &LogstoreModel { mode: "query".into(), ..plain() }).is_empty());
        let tiered = LogstoreModel { infrequent_access_ttl: 30.into(), ..plain() };
        assert_eq!(paths(&tiered, &plain()), ["infrequent_access_ttl"]);
        assert!(paths(&plain(), &tiered).is_empty());
        assert_eq!(paths(&plain(), &LogstoreModel { mode: "lite".into(), ..plain() }), ["mode"]);
        let metrics = LogstoreModel { telemetry_type: "Metrics".into(), ..plain() };
        assert_eq!(paths(&metrics, &plain()), ["telemetry_type"]);
    }

    #[test]
    fn encryption_stays_as_it_is() {
        let existing = encrypted("aes_gcm", Some("key"));
        assert_eq!(paths(&existing, &plain()), ["encrypt_conf"]);
        assert_eq!(paths(&existing, &encrypted("default", Some("key"))), ["encrypt_conf.encrypt_type"]);
        assert_eq!(paths(&existing, &encrypted("aes_gcm", None)), ["encrypt_conf.user_cmk_info"]);
        assert!(paths(&existing, &existing).is_empty());
        assert!(paths(&plain(), &existing).is_empty());
        let unknown = LogstoreModel { encrypt_conf: Attr::UNKNOWN, ..plain() };
        assert!(paths(&existing, &unknown).is_empty());
    }

    #[test]
    fn a_store_that_is_not_there_yet_warns_when_it_will_be_cut() {
        assert_eq!(will_be_cut(&plain()).0.len(), 1);
        assert!(will_be_cut(&LogstoreModel { retention_period: 3650.into(), ..plain() }).0.is_empty());
    }

    #[test]
    fn what_was_made_an_hour_ago_may_hold_logs() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
        let made = |create_time| Logstore { create_time, ..Logstore::default() };
        assert!(is_new(&made(Some(now - 60))));
        for old in [None, Some(-1), Some(0), Some(now - 3601)] {
            assert!(!is_new(&made(old)), "{old:?}");
        }
    }

    #[test]
    fn only_the_stores_of_trails_are_waited_for() {
        assert!(may_be_coming(&plain()));
        assert!(!may_be_coming(&LogstoreModel { logstore_name: "events".into(), ..plain() }));
        assert!(!may_be_coming(&LogstoreModel { adopt_existing: false.into(), ..plain() }));
    }
}
