//! Checks of an action policy's configuration, before any call.

use std::collections::BTreeMap;

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::ActionPolicyModel;

/// Checks across attributes: each escalation has a time, and something to do then.
pub(super) fn check(model: &ActionPolicyModel, found: &mut Diagnostics) {
    let mut wrong = |attribute: &str, summary: String, detail: String| {
        found.push(Diagnostic::error(summary, detail).at(Path::attribute(attribute)));
    };
    let escalations = [
        ("escalation_start", &model.escalation_start_enabled, &model.escalation_start_timeout),
        ("escalation_inprogress", &model.escalation_inprogress_enabled, &model.escalation_inprogress_timeout),
        ("escalation", &model.escalation_enabled, &model.escalation_timeout),
    ];
    let mut escalates = None;
    for (name, enabled, timeout) in escalations {
        if enabled != &Attr::Known(true) {
            continue;
        }
        escalates.get_or_insert(name);
        if timeout.is_null() {
            wrong(
                &format!("{name}_timeout"),
                format!("{name}_enabled without {name}_timeout"),
                format!(
                    "{name}_enabled is true, so it needs to know after which time. Set {name}_timeout, such as \"30m\"."
                ),
            );
        }
    }
    if let (Some(name), true) = (escalates, model.secondary_policy_script.is_null()) {
        wrong(
            "secondary_policy_script",
            "An escalation that notifies nobody".to_owned(),
            format!(
                "{name}_enabled is true, and escalated alerts follow secondary_policy_script, which is not set: they would \
                 notify nobody. Set it, or leave {name}_enabled out."
            ),
        );
    }
}

/// Labels.
pub(super) fn labels(labels: &BTreeMap<String, String>) -> Result<(), String> {
    match labels.keys().find(|key| key.trim().is_empty()) {
        Some(_) => Err("A label has an empty name. Name it, or leave it out.".to_owned()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(model: &ActionPolicyModel) -> Vec<String> {
        let mut found = Diagnostics::new();
        check(model, &mut found);
        found.0.into_iter().map(|error| error.path.to_string()).collect()
    }

    #[test]
    fn an_escalation_has_a_time_and_a_script() {
        let none = ActionPolicyModel { escalation_enabled: false.into(), ..ActionPolicyModel::default() };
        assert!(wrong(&none).is_empty());
        let bare = ActionPolicyModel { escalation_start_enabled: true.into(), ..none.clone() };
        assert_eq!(wrong(&bare), ["escalation_start_timeout", "secondary_policy_script"]);
        let whole = ActionPolicyModel {
            escalation_start_timeout: "10m".into(),
            secondary_policy_script: Attr::UNKNOWN,
            ..bare
        };
        assert!(wrong(&whole).is_empty());
        assert!(wrong(&ActionPolicyModel { escalation_enabled: Attr::UNKNOWN, ..none }).is_empty());
    }

    #[test]
    fn labels_have_names() {
        assert_eq!(labels(&BTreeMap::from([("team".to_owned(), String::new())])), Ok(()));
        assert!(labels(&BTreeMap::from([(" ".to_owned(), "x".to_owned())])).is_err());
    }
}
