//! When the suite is whole: every served call was made, every listed error provoked, every page turned, and nothing was
//! seen that is not listed.

use std::collections::BTreeSet;

use super::facts::{Call, Facts, Service};
use super::scripts::{Calls, Seen};

/// What is open, a line each.
pub(crate) fn broken(facts: &Facts, calls: &Calls) -> Vec<String> {
    let mut open = Vec::new();
    let served = mock_cloud::calls::all();
    for (service, facts) in &facts.0 {
        let listed = facts.calls.keys().map(String::as_str);
        let unknown = listed.filter(|call| !served.contains(&(service, call)));
        open.extend(
            unknown.map(|call| format!("{service} {call}: has facts, but the mock does not serve it")),
        );
        let of_service = calls.iter().filter(|((other, _), _)| other == service);
        let seen: BTreeSet<&str> =
            of_service.flat_map(|(_, seen)| &seen.errors).map(String::as_str).collect();
        let listed = facts.errors.iter().chain(&facts.assumed);
        let missing =
            listed.filter(|code| !seen.contains(code.as_str()) && !facts.unprovoked.contains_key(*code));
        open.extend(missing.map(|code| format!("{service}: {code} was never provoked")));
    }
    for (service, name) in served {
        let service_facts = &facts.0[service];
        let Some(call) = service_facts.calls.get(name) else {
            open.push(format!("{service} {name}: has no facts"));
            continue;
        };
        let none = Seen::default();
        let seen = calls.get(&(service.to_owned(), name.to_owned())).unwrap_or(&none);
        open.extend(
            of_call(service_facts, call, seen).into_iter().map(|what| format!("{service} {name}: {what}")),
        );
    }
    open
}

fn of_call(service: &Service, call: &Call, seen: &Seen) -> Vec<String> {
    let mut open = Vec::new();
    match (&call.unchecked, seen.sdks.is_empty()) {
        (None, true) => open.push("no SDK made it with success".to_owned()),
        (Some(_), false) => open.push("is said to be unchecked, but an SDK made it".to_owned()),
        (None, false) | (Some(_), true) => (),
    }
    let listed: BTreeSet<&String> = call.errors.iter().chain(&call.assumed).collect();
    for code in &listed {
        match (call.unprovoked.contains_key(*code), seen.errors.contains(*code)) {
            (false, false) => open.push(format!("{code} was never provoked")),
            (true, true) => open.push(format!("{code} is said to be unprovoked, but was seen")),
            (false, true) | (true, false) => (),
        }
    }
    let any: BTreeSet<&String> = service.errors.iter().chain(&service.assumed).collect();
    let unlisted = seen.errors.iter().filter(|code| !listed.contains(code) && !any.contains(code));
    open.extend(unlisted.map(|code| format!("{code} was seen and is not listed")));
    if call.paged && !seen.paged {
        open.push("nobody walked through its pages".to_owned());
    }
    open
}
