//! Taking over a logstore that exists, such as the one that ActionTrail makes: what a plan says about it, and what
//! stands in the way.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alibaba::Error;
use plugin::{Context, Diagnostic, Diagnostics, Path, Plan, Severity};
use reconciler::failure::Fixed;
use reconciler::sls_logstore::{Logstore, PERMANENT, Settings};
use reconciler::{Freshness, Object};

use super::destructive_changes::destructive_changes;
use super::model::LogstoreModel;
use crate::config::Cloud;
use crate::resource_scope::while_planning;

/// A store younger than this was made for the trail that is being made with it, and holds nothing to lose yet.
const NEW: Duration = Duration::from_secs(3600);

/// What taking over means, in the plan: which retention is shortened, and what the apply will refuse. A store that
/// cannot be seen is no obstacle to a plan.
pub(super) async fn foresee(context: &Context<Cloud>, plan: &mut Plan<LogstoreModel>) {
    let planned = plan.planned().clone();
    if planned.project_name.get().is_none() || planned.logstore_name.get().is_none() {
        plan.diagnostics.extend(will_be_cut(&planned));
        return;
    }
    let wanted = planned.settings();
    let look = |scope| {
        let store = Logstore::new(scope, wanted.clone(), true);
        async move { store.describe(store.scope(), Freshness::Now).await.ok()? }
    };
    let Some(seen) = while_planning(context, &planned, look).await else {
        plan.diagnostics.extend(will_be_cut(&planned));
        return;
    };
    let (shorter, others): (Vec<_>, Vec<_>) = destructive_changes(&planned.read_from(&seen), Some(&planned))
        .into_iter()
        .partition(|destructive_change| destructive_change.path == Path::attribute("retention_period"));
    if !shorter.is_empty() && is_new(&seen) {
        plan.diagnostics.extend(will_be_cut(&planned));
    } else {
        plan.destructive_changes.extend(shorter);
    }
    plan.destructive_changes.extend(others);
    let fixed = seen.fixed_against(&wanted);
    for fixed in fixed.iter().filter(|fixed| is_known(&planned, fixed)) {
        let mut obstacle = obstacle(&planned.label(), fixed);
        obstacle.severity = Severity::Warning;
        obstacle.detail.push_str(" As it is, the apply will refuse to take the store over.");
        plan.diagnostics.push(obstacle);
    }
}

/// Whether the plan knows yet what is wanted of a setting.
fn is_known(planned: &LogstoreModel, fixed: &Fixed) -> bool {
    match fixed.setting {
        "telemetry_type" => !planned.telemetry_type.is_unknown(),
        "mode" => !planned.mode.is_unknown(),
        _ => !planned.encrypt_conf.is_unknown(),
    }
}

fn is_new(store: &Settings) -> bool {
    let made = store.made_at.and_then(|made| u64::try_from(made).ok());
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
pub(super) fn obstacle(label: &str, fixed: &Fixed) -> Diagnostic {
    if fixed.setting == "mode" {
        return cannot_become_lite(label);
    }
    let mut parts = fixed.setting.split('.');
    let first = Path::attribute(parts.next().unwrap_or_default());
    let path = parts.fold(first, |path, part| path.child(part));
    Diagnostic::error(
        format!("{label} exists, with another {path}"),
        format!("The store {}, which the service cannot change. Set {path} to that.", fixed.has),
    )
    .at(path)
}

/// A mode that the store cannot change to.
pub(super) fn mode(now: &LogstoreModel, planned: &LogstoreModel) -> Diagnostics {
    if now.mode.as_str() != Some("standard") || planned.mode.as_str() != Some("lite") {
        return Diagnostics::new();
    }
    cannot_become_lite(&planned.label()).into()
}

fn cannot_become_lite(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} cannot become lite"),
        "The service does not turn a standard store into a lite one. Put mode back to \"standard\" or use \"query\", or give \
         the resource a new logstore_name, which makes a second store beside this one.",
    )
    .at(Path::attribute("mode"))
}

/// What to tell about a store that was made here because nobody else did.
pub(super) fn made_here(label: &str, waited: &Error) -> Diagnostic {
    Diagnostic::warning(
        format!("{label} was not there and has been made"),
        format!(
            "ActionTrail makes the store of a trail, with its index, when the trail is made ({waited}). A store that is made \
             here has no index. If no trail delivers to it, check the names of trail and project."
        ),
    )
}

#[cfg(test)]
mod tests {
    use plugin::Attr;

    use super::*;

    #[test]
    fn an_obstacle_names_the_setting_and_what_the_store_has() {
        let fixed = |setting| Fixed { setting, has: "has that".to_owned() };
        let nested = obstacle("logstore \"a:b\"", &fixed("encrypt_conf.encrypt_type"));
        assert_eq!(nested.summary, "logstore \"a:b\" exists, with another encrypt_conf.encrypt_type");
        assert_eq!(nested.path, Path::attribute("encrypt_conf").child("encrypt_type"));
        assert!(nested.detail.starts_with("The store has that, which"), "{}", nested.detail);
        assert_eq!(obstacle("x", &fixed("mode")).summary, "x cannot become lite");
        let unknown = LogstoreModel { encrypt_conf: Attr::UNKNOWN, ..LogstoreModel::default() };
        assert!(!is_known(&unknown, &fixed("encrypt_conf")) && is_known(&unknown, &fixed("mode")));
    }

    #[test]
    fn a_store_that_is_not_there_yet_warns_when_it_will_be_cut() {
        let kept = |days: i64| LogstoreModel { retention_period: days.into(), ..LogstoreModel::default() };
        assert_eq!(will_be_cut(&kept(180)).0.len(), 1);
        assert!(will_be_cut(&kept(3650)).0.is_empty());
    }

    #[test]
    fn what_was_made_an_hour_ago_may_hold_logs() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
        let made = |made_at| Settings { made_at, ..Settings::default() };
        assert!(is_new(&made(Some(now - 60))));
        for old in [None, Some(-1), Some(0), Some(now - 3601)] {
            assert!(!is_new(&made(old)), "{old:?}");
        }
    }
}
