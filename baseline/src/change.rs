//! The rules about changes: one for each way in which a call can weaken evidence, out of the list of `reconciler::evidence`.
//! Whoever plans writes compares what is there with what will be, and names the rule of the condition that holds.

use std::sync::LazyLock;

use reconciler::evidence::{Condition, conditions};

use crate::finding::Severity;
use crate::rule::{Control, Judge, Rule};

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| conditions().into_iter().map(of).collect());

/// The rules about changes, in the order of the calls.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter()
}

/// "Audit process protected from interruption" and "records protected from deletion, change and overwriting" of GB/T 22239.
const CONTROLS: &[Control] = &[Control::mlps("8.1.4.3 c"), Control::mlps("8.1.4.3 d")];

fn of(condition: &'static Condition) -> Rule {
    Rule {
        id: condition.id,
        title: condition.when,
        severity: severity(condition.id),
        controls: CONTROLS,
        rationale: condition.loss,
        reads: "What is there, and what is planned.",
        passes_when: "No change does that.",
        fails_when: condition.when,
        fix: "Take the change back; or, if it is meant, accept it with an exception that says who answers for it and until when.",
        safe_to_automate: false,
        actions: &[],
        judge: Judge::Change,
    }
}

/// How much a change matters: whether evidence ends or is opened (critical), is kept or protected less (high), is noticed by
/// fewer (medium), or is only looked for elsewhere (low).
fn severity(condition: &str) -> Severity {
    match condition {
        "trail.deleted"
        | "trail.logging_stopped"
        | "trail.regions_narrowed"
        | "bucket.acl_opened"
        | "bucket.delivery_target_deleted"
        | "bucket_policy.public"
        | "objects.deleted"
        | "project.deleted"
        | "project.delivery_target_deleted"
        | "logstore.deleted" => Severity::Critical,
        "global_events.region_changed" | "access_log.moved" | "trail.max_compute_changed" => Severity::Low,
        "bucket.encryption_weakened"
        | "bucket.tls_lowered"
        | "logstore.sender_dropped"
        | "logstore.encryption_disabled" => Severity::Medium,
        _ if ["alert.", "recipients.", "index."].iter().any(|object| condition.starts_with(object)) => {
            Severity::Medium
        }
        _ => Severity::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_has_a_rule_and_no_id_is_used_twice() {
        assert_eq!(rules().count(), conditions().len());
        let mut ids: Vec<&str> = crate::every_rule().map(|rule| rule.id).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn severities_are_for_conditions_that_exist() {
        let of = |id: &str| rules().find(|rule| rule.id == id).map(|rule| rule.severity);
        assert_eq!(of("trail.logging_stopped"), Some(Severity::Critical));
        assert_eq!(of("logstore.retention_shortened"), Some(Severity::High));
        assert_eq!(of("alert.muted"), Some(Severity::Medium));
        assert_eq!(of("access_log.moved"), Some(Severity::Low));
    }
}
