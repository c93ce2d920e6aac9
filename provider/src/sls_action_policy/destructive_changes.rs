//! Whom an action policy no longer tells of alerts, or only later.

use std::collections::BTreeSet;

use plugin::{Attr, DestructiveChange, Path};

use super::model::ActionPolicyModel;
use super::{duration, script};
use crate::sls_record::Row;

/// Who is no longer reached once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &ActionPolicyModel,
    planned: Option<&ActionPolicyModel>,
) -> Vec<DestructiveChange> {
    let label = prior.label();
    let destructive_change = |path: Path, what: &str, detail: String| DestructiveChange {
        path,
        summary: format!("{label} {what}"),
        detail,
    };
    let Some(planned) = planned else {
        let detail = "Alerts that name the policy notify nobody from then on.".to_owned();
        return vec![destructive_change(Path::root(), "is deleted", detail)];
    };
    let mut found = Vec::new();
    let mut script = |attribute: &'static str, before: &Attr<String>, after: &Attr<String>| {
        if after.is_unknown() {
            return;
        }
        if let Some((what, detail)) = tells_less(before.as_str(), after.as_str()) {
            found.push(destructive_change(Path::attribute(attribute), what, detail));
        }
    };
    script("primary_policy_script", &prior.primary_policy_script, &planned.primary_policy_script);
    // Only alerts that escalate follow the second one.
    if escalations(prior).iter().any(|(_, enabled, _)| enabled.get() == Some(&true)) {
        script("secondary_policy_script", &prior.secondary_policy_script, &planned.secondary_policy_script);
    }
    for ((name, enabled, timeout), (_, now, later)) in
        escalations(prior).into_iter().zip(escalations(planned))
    {
        if enabled.get() != Some(&true) {
            continue;
        }
        let length = |timeout: &Attr<String>| timeout.as_str().and_then(duration::seconds);
        if now.get() == Some(&false) {
            let detail = format!(
                "{name}_enabled goes to false: from the apply on, alerts that nobody reacts to in time no longer go to \
                 further receivers for that reason."
            );
            found.push(destructive_change(
                Path::attribute(format!("{name}_enabled")),
                "no longer escalates",
                detail,
            ));
        } else if let (Some(before), Some(after)) = (length(timeout), length(later))
            && after > before
        {
            let detail = format!(
                "From the apply on, alerts go to further receivers after {} instead of {}.",
                later.as_str().unwrap_or_default(),
                timeout.as_str().unwrap_or_default()
            );
            found.push(destructive_change(
                Path::attribute(format!("{name}_timeout")),
                "escalates later",
                detail,
            ));
        }
    }
    found
}

fn escalations(policy: &ActionPolicyModel) -> [(&'static str, &Attr<bool>, &Attr<String>); 3] {
    [
        ("escalation_start", &policy.escalation_start_enabled, &policy.escalation_start_timeout),
        (
            "escalation_inprogress",
            &policy.escalation_inprogress_enabled,
            &policy.escalation_inprogress_timeout,
        ),
        ("escalation", &policy.escalation_enabled, &policy.escalation_timeout),
    ]
}

/// Whom a script notifies, when, and whether always.
type Notified = (String, Option<String>, bool);

fn notified(text: &str) -> Option<BTreeSet<Notified>> {
    let fires = script::parse(text).ok()?;
    let of = |fire: &script::Fire| {
        let (period, always) = (fire.period().map(str::to_owned), !fire.is_conditional(text));
        fire.receivers()
            .into_iter()
            .map(move |receiver| (receiver, period.clone(), always))
            .collect::<Vec<_>>()
    };
    Some(fires.iter().flat_map(of).collect())
}

/// What a script does less than another: in a summary, and what that means.
fn tells_less(before: Option<&str>, after: Option<&str>) -> Option<(&'static str, String)> {
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    if before == after {
        return None;
    }
    // One that cannot be read was not written here, and says nothing that could be compared.
    let old = notified(before)?;
    let new = notified(after)?;
    let still = |(receiver, period, always): &&Notified| {
        new.iter().any(|(other, when, unconditional)| {
            other == receiver
                && (when == period || when.as_deref() == Some("any"))
                && (*unconditional || !always)
        })
    };
    let gone: BTreeSet<&str> =
        old.iter().filter(|notified| !still(notified)).map(|(receiver, _, _)| receiver.as_str()).collect();
    if !gone.is_empty() {
        let gone = gone.into_iter().collect::<Vec<_>>().join("; ");
        return Some((
            "notifies fewer",
            format!(
                "From the apply on, alerts no longer go, or not in all cases and at all times, to: {gone}."
            ),
        ));
    }
    let (old, new) = (script::frame(before).ok()?, script::frame(after).ok()?);
    (!new.is_empty() && old != new).then(|| {
        (
            "notifies under other conditions",
            "From the apply on, other conditions of the script decide which alerts are told to whom."
                .to_owned(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fire(kind: &str, receivers: &str) -> String {
        format!("fire(type=\"{kind}\", {receivers}, template_id=\"t\", period=\"any\")")
    }

    fn policy(primary: &str) -> ActionPolicyModel {
        ActionPolicyModel {
            action_policy_id: "team".into(),
            primary_policy_script: primary.into(),
            secondary_policy_script: fire("voice", "groups=[\"managers\"]").into(),
            escalation_enabled: true.into(),
            escalation_timeout: "1h".into(),
            escalation_start_enabled: false.into(),
            ..ActionPolicyModel::default()
        }
    }

    fn lost(before: &str, after: &str) -> Vec<String> {
        destructive_changes(&policy(before), Some(&policy(after)))
            .into_iter()
            .map(|destructive_change| destructive_change.detail)
            .collect()
    }

    #[test]
    fn receivers_that_go_are_losses_and_those_that_come_are_none() {
        let two = fire("email", "users=[\"alex\"], groups=[\"sec\"]");
        let one = fire("email", "groups=[\"sec\"]");
        assert!(lost(&two, &one)[0].ends_with("to: user \"alex\" by email."), "{:?}", lost(&two, &one));
        assert_eq!(lost(&one, &two), [""; 0]);
        assert_eq!(lost(&one, &format!("{one}\n{}", fire("sms", "users=[\"alex\"]"))), [""; 0]);
        assert!(lost(&one, &fire("sms", "groups=[\"sec\"]"))[0].contains("group \"sec\" by email"));
        assert_eq!(lost(&one, &one.replace("\"t\"", "\"another\"")), [""; 0], "another text");
        assert_eq!(lost(&one, &one.replace("\"any\"", "\"workday\"")).len(), 1);
        assert_eq!(lost(&one.replace("\"any\"", "\"workday\""), &one), [""; 0]);
        let hook = fire("webhook_integration", "webhook_id=\"hook\"");
        assert!(lost(&hook, &one)[0].contains("webhook \"hook\" by webhook_integration"));
        let url = fire("email", "receiver_type=\"dynamic\", external_url=\"https://x.example/a?token=1\"");
        assert!(lost(&url, &one)[0].contains("\"https://x.example/a\" by email"));
    }

    #[test]
    fn conditions_that_are_new_are_losses() {
        let always = fire("email", "groups=[\"sec\"]");
        let severe = format!("if alert.severity >= 8:\n    {always}");
        let more_severe = severe.replace('8', "10");
        assert!(lost(&always, &severe)[0].contains("not in all cases"));
        assert_eq!(lost(&severe, &always), [""; 0]);
        assert!(lost(&severe, &more_severe)[0].contains("other conditions"));
        assert!(
            lost(&always, &format!("if alert.severity < 4:\n    stop()\n{always}"))[0]
                .contains("other conditions")
        );
        assert_eq!(lost(&severe, &format!("# a remark\n{}", severe.replace(" >= ", ">="))), [""; 0]);
    }

    #[test]
    fn less_escalation_is_a_loss() {
        let same = fire("email", "groups=[\"sec\"]");
        let changed = |planned: ActionPolicyModel| {
            let found = destructive_changes(&policy(&same), Some(&planned));
            found
                .into_iter()
                .map(|destructive_change| destructive_change.path.to_string())
                .collect::<Vec<_>>()
        };
        let now = policy(&same);
        assert_eq!(
            changed(ActionPolicyModel { escalation_enabled: false.into(), ..now.clone() }),
            ["escalation_enabled"]
        );
        assert_eq!(
            changed(ActionPolicyModel { escalation_timeout: "2h".into(), ..now.clone() }),
            ["escalation_timeout"]
        );
        assert_eq!(changed(ActionPolicyModel { escalation_timeout: "30m".into(), ..now.clone() }), [""; 0]);
        assert_eq!(
            changed(ActionPolicyModel { secondary_policy_script: Attr::Null, ..now.clone() }),
            ["secondary_policy_script"]
        );
        assert_eq!(
            changed(ActionPolicyModel { primary_policy_script: Attr::UNKNOWN, ..now.clone() }),
            [""; 0]
        );
        assert_eq!(destructive_changes(&now, None)[0].summary, "action policy \"team\" is deleted");
        let quiet = ActionPolicyModel { escalation_enabled: false.into(), ..now };
        let silent = ActionPolicyModel { secondary_policy_script: Attr::Null, ..quiet.clone() };
        assert!(destructive_changes(&quiet, Some(&silent)).is_empty(), "no alert followed it");
    }
}
