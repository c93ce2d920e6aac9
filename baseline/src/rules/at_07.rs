//! AT-07: what happens is delivered soon.

use time::{Duration, OffsetDateTime};

use super::trails::{Subject, account, judge_trail, subject};
use crate::facts::{Delivery, Facts, Trail};
use crate::finding::{Findings, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-07",
    title: "Events are delivered soon",
    severity: Severity::High,
    controls: &[Control::mlps("8.1.4.3 d")],
    rationale: "A trail can say that it logs while nothing arrives: a role was changed, a bucket was closed, a key was disabled.",
    reads: "Times and errors of the last deliveries, and, where they are old, the events since.",
    passes_when: "The last delivery to the bucket and to the logstore are younger than the parameters oss_freshness_minutes and \
                  sls_freshness_minutes, and neither has an error.",
    fails_when: "The service reports an error of a delivery, or there are events that should have been delivered and were not. An \
                 account in which nothing happens is unknown, not failed.",
    fix: "Mend what the error names: the rights of the delivery role, the policy of the bucket, its key, the project.",
    safe_to_automate: false,
    actions: &["actiontrail:DescribeTrails", "actiontrail:GetTrailStatus", "actiontrail:LookupEvents"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    match subject(facts) {
        // A trail that does not log delivers nothing: that is a finding of its own.
        Subject::Own(trail) if trail.is_logging.known() != Some(&false) => {
            judge_trail(trail, Judgement::of(fresh(trail, facts.observed_at, parameters)), findings);
        }
        Subject::NotRead(early) => {
            findings.judge(None, account(facts), None, early);
        }
        // The deliveries of an organization trail are judged in the account that it belongs to.
        Subject::Own(_) | Subject::Organization(_) | Subject::Nothing => {}
    }
}

fn fresh(trail: &Trail, now: OffsetDateTime, parameters: &Parameters) -> Judged {
    let nothing = Delivery::default();
    let delivery = trail.delivery.read()?.unwrap_or(&nothing);
    let started = trail.started.known().copied();
    let parts = [
        (
            trail.oss_bucket.known(),
            "bucket",
            delivery.oss_time,
            &delivery.oss_error,
            parameters.oss_freshness_minutes,
        ),
        (
            trail.sls_project_arn.known(),
            "log project",
            delivery.sls_time,
            &delivery.sls_error,
            parameters.sls_freshness_minutes,
        ),
    ];
    let judgements = parts.into_iter().filter_map(|(destination, kind, time, error, minutes)| {
        let destination = format!("{kind} {}", destination?);
        Some(one(trail, &destination, time, error.as_deref(), minutes, (now, started), delivery))
    });
    Ok(Judgement::worst(judgements).unwrap_or_else(|| {
        Judgement::unknown(format!("trail {} has no destination that could be judged", trail.label()))
    }))
}

fn one(
    trail: &Trail,
    destination: &str,
    time: Option<OffsetDateTime>,
    error: Option<&str>,
    minutes: i64,
    (now, started): (OffsetDateTime, Option<OffsetDateTime>),
    delivery: &Delivery,
) -> Judgement {
    let name = trail.label();
    if let Some(error) = error {
        let fix = format!("Mend what the error names, then look again. {}", RULE.fix);
        return Judgement::fail(format!("Trail {name} cannot deliver to {destination}: {error}"), fix);
    }
    let allowed = Duration::minutes(minutes);
    let age = time.map(|time| now - time);
    if let Some(age) = age.filter(|age| *age <= allowed) {
        let age = age.whole_minutes().max(0);
        return Judgement::pass(format!("Trail {name} delivered to {destination} {age} minutes ago."));
    }
    let last = match age {
        Some(age) => format!("{} minutes ago", age.whole_minutes()),
        None => "never".to_owned(),
    };
    let late = delivery
        .undelivered_event
        .filter(|event| time.is_none_or(|time| *event > time) && now - *event > allowed);
    if let Some(event) = late {
        return Judgement::fail(
            format!(
                "Trail {name} delivered to {destination} last {last}, and an event of {} minutes ago has not arrived.",
                (now - event).whole_minutes()
            ),
            RULE.fix,
        );
    }
    let since_start = started.map(|started| now - started);
    let why = match since_start.filter(|since| *since <= allowed) {
        Some(since) => format!("trail {name} was started {} minutes ago", since.whole_minutes()),
        None => format!(
            "trail {name} delivered to {destination} last {last}, which is right if nothing happened in the account since"
        ),
    };
    Judgement::Unknown {
        why,
        how: Some(format!(
            "Make any call that is recorded, such as actiontrail:DescribeTrails in the home region of the trail, and look again \
             after {minutes} minutes."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, member, only, organization_trail, verdicts, with_trail};

    fn with_delivery(change: impl FnOnce(&mut Delivery, OffsetDateTime)) -> Facts {
        let now = account().observed_at;
        with_trail(|trail| {
            let Fact::Known(delivery) = &mut trail.delivery else { panic!() };
            change(delivery, now);
        })
    }

    #[test]
    fn passes_with_fresh_deliveries() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        // Without a project there is no delivery to one.
        let archive_only = with_trail(|trail| trail.sls_project_arn = Fact::Absent);
        assert_eq!(only(&RULE, &archive_only).verdict, Pass);
    }

    #[test]
    fn fails_with_an_error_or_an_event_that_did_not_arrive() {
        let found =
            only(&RULE, &with_delivery(|delivery, _| delivery.sls_error = Some("write sls failed".into())));
        assert_eq!(found.verdict, Fail);
        assert!(found.message.contains("write sls failed"));
        let late = with_delivery(|delivery, now| {
            delivery.oss_time = Some(now - Duration::hours(5));
            delivery.undelivered_event = Some(now - Duration::hours(2));
        });
        assert_eq!(only(&RULE, &late).verdict, Fail);
    }

    #[test]
    fn a_quiet_account_is_unknown_and_says_how_to_prove_it() {
        let quiet = with_delivery(|delivery, now| delivery.oss_time = Some(now - Duration::hours(5)));
        let found = only(&RULE, &quiet);
        assert_eq!(found.verdict, Unknown);
        assert!(found.remedy.unwrap().contains("look again after 30 minutes"));
        // An event that may still be on its way proves nothing.
        let fresh = with_delivery(|delivery, now| {
            delivery.oss_time = Some(now - Duration::hours(5));
            delivery.undelivered_event = Some(now - Duration::minutes(3));
        });
        assert_eq!(only(&RULE, &fresh).verdict, Unknown);
        let never = with_trail(|trail| {
            trail.delivery = Fact::Absent;
            trail.started = Fact::Known(account().observed_at - Duration::minutes(1));
        });
        let found = only(&RULE, &never);
        assert_eq!(found.verdict, Unknown);
        assert!(found.message.contains("was started 1 minutes ago"), "{}", found.message);
    }

    #[test]
    fn could_not_look_without_the_status() {
        let found = only(&RULE, &with_trail(|trail| trail.delivery = denied("actiontrail:GetTrailStatus")));
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:GetTrailStatus"))
        );
    }

    #[test]
    fn a_stopped_trail_and_a_covered_member_are_for_other_findings() {
        assert!(verdicts(&RULE, &with_trail(|trail| trail.is_logging = Fact::Known(false))).is_empty());
        assert!(verdicts(&RULE, &member(organization_trail())).is_empty());
    }
}
