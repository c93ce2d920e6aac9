//! The guide to the rules of the audit, written from their declarations.

use baseline::Profile;

const HEAD: &str = r#"---
page_title: "Rules of the audit"
description: |-
  What `alitrail audit` asks of an account and an organization, why, and how each failure is put right.
---

# Rules of the audit

[`alitrail audit`](audit.md) judges by these rules, and [`alitrail remediate`](remediate.md) mends what is marked as safe to automate.
`alitrail rules` prints the same list, `alitrail rules AT-01` one of them.

"#;

/// The page.
#[must_use]
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("| profile | what it is | rules |\n|---|---|---|\n");
    for profile in Profile::ALL {
        let count = profile.rules().count();
        text.push_str(&format!("| `{profile}` | {} | {count} |\n", profile.describe()));
    }
    text.push('\n');
    for rule in baseline::rules() {
        text.push_str(&rule.markdown());
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
