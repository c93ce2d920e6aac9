//! The guide to changes that lose evidence, written from the list of calls that can and from the checks that warn of them.

use std::fmt::Write as _;

use provider::evidence::checks_of;
use reconciler::evidence::{Weakening, calls_of, conditions, writing_calls};

const HEAD: &str = r#"---
page_title: "Changes that lose evidence"
description: |-
  What a plan warns of, or refuses, because something would no longer be recorded, kept, protected or noticed.
---

# Changes that lose evidence

A plan says so when an apply would stop recording or keeping something, open it to others, or silence those who watch. With
`evidence_changes = "deny"` in the provider block such a plan is an error:

```terraform
provider "alitrail" {
  evidence_changes = "deny"
}
```

A change that is meant takes `evidence_changes = "warn"` for the one apply that makes it. A value that is not known when planning
counts as `deny`.

What is compared is the cloud as the refresh has just read it with what the plan makes of it, whether the attribute is written in
the configuration or comes from a default. Three such changes are looked for in the cloud while planning, because no state holds them:
the rules, the policy or the storage region that a first apply replaces, and the trails that deliver to a bucket or project which
is deleted. Such a look never fails a plan, and what the credentials may not see is not told.

The comparison knows no intentions. Where only the direction counts, such as for retention, a change the other way is silent. Where
it cannot be told which of two is weaker, such as for the query of an alert or the bucket that a trail delivers to, any other value
is told, unless the plan only puts back what the last apply made: so `deny` never stands in the way of a repair there. What looks
different and means the same (white space in a query, a statement of a policy in other words) is no change.

## What is told

The list is made of the calls, not of the resources: every call with which this provider writes has been asked what evidence it can
lose.

"#;

/// The page in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("| when | what is lost | calls | told at |\n|---|---|---|---|\n");
    for condition in conditions() {
        let calls: Vec<String> = calls_of(condition.id).map(|call| format!("`{}`", call.action)).collect();
        let places: Vec<String> = checks_of(condition.id)
            .map(|check| {
                let file = check.resource.strip_prefix("alitrail_").unwrap_or(check.resource);
                let link = format!("[`{}`](../resources/{file}.md)", check.resource);
                match check.attribute {
                    Some(attribute) => format!("`{attribute}` of {link}"),
                    None => format!("destroying or replacing {link}"),
                }
            })
            .collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            condition.when,
            condition.loss,
            calls.join(", "),
            places.join(", ")
        );
    }
    page.push_str("\n## What is not told\n\nThese calls lose no evidence:\n\n| call | why |\n|---|---|\n");
    for call in writing_calls() {
        if let Weakening::Never(reason) = call.weakens {
            let _ = writeln!(page, "| `{}` ({}) | {reason} |", call.action, call.service);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_a_row_for_every_condition_and_every_call() {
        let page = page();
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
        let harmless = writing_calls().filter(|call| matches!(call.weakens, Weakening::Never(_))).count();
        assert_eq!(rows.len(), 2 + conditions().len() + 2 + harmless);
        let stopped = rows.iter().find(|row| row.contains("`StopLogging`")).expect("a row");
        assert!(stopped.contains("`status` of [`alitrail_trail`](../resources/trail.md)"), "{stopped}");
        assert!(rows.iter().all(|row| matches!(row.matches('|').count(), 3 | 5)), "a cell has a bar in it");
    }
}
