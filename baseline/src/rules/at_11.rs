//! AT-11: insights are on.

use super::trails::judge_property;
use crate::facts::{Facts, Trail};
use crate::finding::{Findings, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-11",
    title: "Insights are on",
    severity: Severity::Low,
    controls: &[Control::of("alitrail", "insights")],
    rationale: "Insights notice what no query was written for: a burst of calls, of errors, a new address.",
    reads: "The insight selectors of the trail.",
    passes_when: "All kinds of the parameter insights are on.",
    fails_when: "One of them is off.",
    fix: "PutInsightSelectors with the kinds of the parameter insights; it needs EventRW = All.",
    safe_to_automate: true,
    actions: &["actiontrail:DescribeTrails", "actiontrail:GetInsightSelectors"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    judge_property(facts, findings, |trail| Judgement::of(insights(trail, &parameters.insights)));
}

fn insights(trail: &Trail, wanted: &[String]) -> Judged {
    let on = trail.insights.read()?.map_or(&[][..], Vec::as_slice);
    let missing: Vec<&str> = wanted.iter().filter(|kind| !on.contains(kind)).map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(Judgement::pass(format!("Trail {} has insights: {}.", trail.label(), wanted.join(", "))));
    }
    let all: Vec<&str> = on.iter().map(String::as_str).chain(missing.iter().copied()).collect();
    let selectors: Vec<_> = all.iter().map(|kind| serde_json::json!({ "insightType": kind })).collect();
    Ok(Judgement::fail(
        format!("Trail {} lacks insights: {}.", trail.label(), missing.join(", ")),
        format!(
            "PutInsightSelectors with TrailName = {}, InsightSelectors = {}.",
            trail.name,
            serde_json::Value::from(selectors)
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, unknown, with_trail};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.insights = Fact::Absent)).verdict, Fail);
        let found = only(&RULE, &with_trail(|trail| trail.insights = Fact::Known(vec!["IpInsight".into()])));
        assert_eq!(found.verdict, Fail);
        assert!(!found.message.contains("IpInsight") && found.message.contains("ApiCallRateInsight"));
        let remedy = found.remedy.unwrap();
        assert!(
            remedy.contains(r#"[{"insightType":"IpInsight"},{"insightType":"ApiCallRateInsight"}"#),
            "{remedy}"
        );
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_trail(|trail| trail.insights = unknown())).verdict, Unknown);
        let found =
            only(&RULE, &with_trail(|trail| trail.insights = denied("actiontrail:GetInsightSelectors")));
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:GetInsightSelectors"))
        );
    }
}
