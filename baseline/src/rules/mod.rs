//! All rules, one file each, and what several of them share.

mod alerting;
mod archives;
mod policies;
mod trails;

mod at_01;
mod at_02;
mod at_03;
mod at_04;
mod at_05;
mod at_06;
mod at_07;
mod at_08;
mod at_09;
mod at_10;
mod at_11;
mod ex_01;
mod or_01;
mod or_02;
mod or_03;
mod os_01;
mod os_02;
mod os_03;
mod os_04;
mod os_05;
mod os_06;
mod os_07;
mod os_08;
mod os_09;
mod sl_01;
mod sl_02;
mod sl_03;
mod sl_04;
mod sl_05;
mod sl_06;
mod sl_07;

use crate::rule::Rule;

/// All rules, in the order of their ids.
pub(crate) static ALL: &[&Rule] = &[
    &at_01::RULE,
    &at_02::RULE,
    &at_03::RULE,
    &at_04::RULE,
    &at_05::RULE,
    &at_06::RULE,
    &at_07::RULE,
    &at_08::RULE,
    &at_09::RULE,
    &at_10::RULE,
    &at_11::RULE,
    &ex_01::RULE,
    &or_01::RULE,
    &or_02::RULE,
    &or_03::RULE,
    &os_01::RULE,
    &os_02::RULE,
    &os_03::RULE,
    &os_04::RULE,
    &os_05::RULE,
    &os_06::RULE,
    &os_07::RULE,
    &os_08::RULE,
    &os_09::RULE,
    &sl_01::RULE,
    &sl_02::RULE,
    &sl_03::RULE,
    &sl_04::RULE,
    &sl_05::RULE,
    &sl_06::RULE,
    &sl_07::RULE,
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_rule_is_in_the_file_of_its_id_and_says_everything_about_itself() {
        let ids: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
        assert!(ids.is_sorted() && ids.len() == 31, "{ids:?}");
        for rule in ALL {
            let texts = [rule.title, rule.rationale, rule.reads, rule.passes_when, rule.fails_when, rule.fix];
            assert!(texts.iter().all(|text| !text.is_empty() && !text.contains("  ")), "{}", rule.id);
            assert!(
                !rule.title.ends_with('.') && texts[1..].iter().all(|text| text.ends_with(['.', '"'])),
                "{}",
                rule.id
            );
            for action in rule.actions {
                let service = action.split_once(':').map(|(service, _)| service);
                let known = ["actiontrail", "log", "oss", "ram", "resourcemanager"];
                assert!(service.is_some_and(|service| known.contains(&service)), "{}: {action}", rule.id);
            }
            assert!(rule.actions.is_empty() == (rule.id == "EX-01"), "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_has_a_fixture_for_every_verdict() {
        for rule in ALL {
            let name = rule.id.to_lowercase().replace('-', "_");
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/rules/{name}.rs"));
            let text = std::fs::read_to_string(path).unwrap();
            assert!(text.contains(&format!("id: \"{}\"", rule.id)), "{}", rule.id);
            let (_, tests) = text.split_once("#[cfg(test)]").unwrap();
            let (imports, tests) = tests.split_once("#[test]").unwrap();
            for verdict in ["Pass", "Fail", "Unknown", "CouldNotLook"] {
                assert!(imports.contains(verdict) && tests.contains(verdict), "{}: {verdict}", rule.id);
            }
        }
    }
}
