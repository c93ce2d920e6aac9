//! The guide page of calls, written from what was seen.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::facts::{Call, Facts, Service};
use super::scripts::{Calls, Seen};

const INTRODUCTION: &str = "\
---
page_title: \"Calls of the mock cloud\"
description: |-
  Every call that `alitrail mock` serves, the official SDK that checked it, its behaviours, its errors, and where they are described.
---

# Calls of the mock cloud

Written by the conformance suite (`acceptance-tests/tests/acceptance/sdk_conformance`) from what the scripts in `acceptance-tests/sdk`
saw of `alitrail mock`. A call is checked when an official Python SDK made it with success. Its name leads to the page that
describes it, which is the source of what is said here unless it is marked as *assumed*; a script checked each behaviour, and
an SDK was refused with each error, unless a reason why not stands beside it.
";

/// The whole page.
pub(crate) fn page(facts: &Facts, calls: &Calls) -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut unchecked = 0;
    for (name, service) in &facts.0 {
        let any = errors(&service.errors, &service.assumed, &service.unprovoked);
        write!(page, "\n## {name}\n\n").unwrap();
        if !any.is_empty() {
            write!(page, "Any call may be refused with {any}.\n\n").unwrap();
        }
        page.push_str("| Call | Checked by | Behaviour | Refused with |\n|---|---|---|---|\n");
        for (action, call) in &service.calls {
            unchecked += usize::from(call.unchecked.is_some());
            let none = Seen::default();
            let seen = calls.get(&((*name).to_owned(), action.clone())).unwrap_or(&none);
            page.push_str(&row(service, action, call, seen));
        }
    }
    let total = mock_cloud::calls::all().len();
    write!(page, "\n{} of {total} calls are checked.\n\n{}", total - unchecked, switches()).unwrap();
    page
}

fn row(service: &Service, action: &str, call: &Call, seen: &Seen) -> String {
    let sdks: Vec<&str> = seen.sdks.iter().copied().collect();
    let sdks = call.unchecked.as_ref().map_or_else(|| sdks.join(", "), |why| format!("**assumed**: {why}"));
    let behaviours = seen.behaviours.iter().map(|(what, assumed)| {
        let mark = if *assumed { " (*assumed*)" } else { "" };
        format!("{}{mark}", cell(what))
    });
    let behaviours = behaviours.collect::<Vec<_>>().join("; ");
    let errors = errors(&call.errors, &call.assumed, &call.unprovoked);
    format!("| [{action}]({}) | {sdks} | {behaviours} | {errors} |\n", service.page_of(action, call))
}

fn errors(documented: &[String], assumed: &[String], unprovoked: &BTreeMap<String, String>) -> String {
    let marked = documented.iter().map(|code| (code, false)).chain(assumed.iter().map(|code| (code, true)));
    let list = marked.map(|(code, assumed)| {
        let mark = if assumed { " (*assumed*)" } else { "" };
        let why =
            unprovoked.get(code).map(|why| format!(" (not provoked: {})", cell(why))).unwrap_or_default();
        format!("`{code}`{mark}{why}")
    });
    list.collect::<Vec<_>>().join(", ")
}

fn switches() -> String {
    let mut text =
        "## Switches\n\nOpen points of the cloud's documentation; the first value is the default.\n\n\
        | Switch | Values | Decides | Source |\n|---|---|---|---|\n"
            .to_owned();
    for switch in mock_cloud::switches::all() {
        let (doc, source) = (cell(switch.doc), cell(switch.source));
        writeln!(text, "| `{}` | {} | {doc} | {source} |", switch.name, switch.values.join(", ")).unwrap();
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
