//! Keeps values that the plan marks as sensitive out of findings.

use std::collections::BTreeSet;

use baseline::Finding;

const INSTEAD: &str = "(sensitive)";

/// Words of the product and of rules, which say nothing about a value.
const PLAIN: [&str; 9] = ["", "All", "Read", "Write", "Enable", "Disable", "Enabled", "private", "0"];

/// Replaces sensitive values in everything that is printed.
pub(crate) fn redact(findings: &mut [Finding], sensitive: &BTreeSet<String>) {
    let mut values: Vec<&str> =
        sensitive.iter().map(String::as_str).filter(|value| !PLAIN.contains(value)).collect();
    // The longest first, of which a shorter one may be a part.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    if values.is_empty() {
        return;
    }
    let clean = |text: &mut String| {
        for value in &values {
            replace(text, value);
        }
    };
    for finding in findings {
        let address = finding.location.as_ref().and_then(|location| location.address.clone());
        let mut id = finding.resource.id.clone();
        clean(&mut id);
        if id != finding.resource.id {
            // It still has to be told apart from others.
            finding.resource.id = address.unwrap_or(id);
        }
        clean(&mut finding.message);
        for text in
            [&mut finding.remedy, &mut finding.region, &mut finding.account_name].into_iter().flatten()
        {
            clean(text);
        }
    }
}

/// Replaces a value in any letter case: rules write actions and roles in lower case.
fn replace(text: &mut String, value: &str) {
    // A number is one of its own only where no other digit or letter is beside it.
    let is_short = value.len() < 4;
    let mut from = 0;
    while let Some(found) = find(&text[from..], value) {
        let (start, end) = (from + found, from + found + value.len());
        let beside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if is_short && (beside(text[..start].chars().next_back()) || beside(text[end..].chars().next())) {
            from = end;
            continue;
        }
        text.replace_range(start..end, INSTEAD);
        from = start + INSTEAD.len();
    }
}

fn find(text: &str, value: &str) -> Option<usize> {
    if !value.is_ascii() {
        return text.find(value);
    }
    let (text, value) = (text.as_bytes(), value.as_bytes());
    text.windows(value.len()).position(|window| window.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_in_any_case_and_numbers_as_a_whole() {
        let clean = |text: &str, value: &str| {
            let mut text = text.to_owned();
            replace(&mut text, value);
            text
        };
        assert_eq!(
            clean("Bucket Top-Secret and top-secret.", "top-secret"),
            "Bucket (sensitive) and (sensitive)."
        );
        assert_eq!(clean("for 30 days, 300 and 1.30", "30"), "for (sensitive) days, 300 and 1.(sensitive)");
        assert_eq!(clean("Grüße an Grüße", "Grüße"), "(sensitive) an (sensitive)");
    }
}
