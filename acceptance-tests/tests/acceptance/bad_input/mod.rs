//! What a person is told about wrong input. Every case is planned and, where the plan cannot know, applied; the error
//! has to name the attribute or argument, say what is wrong and what to do, and come before any write to the cloud.
//! The texts are held in a snapshot per topic; `INSTA_UPDATE=always cargo test --test acceptance bad_input` writes it anew.

mod notifications;
mod oss;
mod provider;
mod roles;
mod search;
mod sls;
mod trail;

use std::fmt::Write;
use std::sync::Mutex;

use acceptance_tests::{Fixture, full};

/// One wrong input.
struct Case {
    name: &'static str,
    /// Replaces the provider block's contents.
    provider: &'static str,
    configuration: &'static str,
    /// Prepares the stage further: environment, files, faults.
    prepare: fn(&mut Fixture),
    /// Whether the plan has to find it; otherwise the apply.
    in_plan: bool,
}

impl Case {
    const fn plan(name: &'static str, configuration: &'static str) -> Self {
        Case { name, provider: "", configuration, prepare: |_| {}, in_plan: true }
    }

    const fn provider(name: &'static str, provider: &'static str, prepare: fn(&mut Fixture)) -> Self {
        Case { name, provider, configuration: TRAIL, prepare, in_plan: false }
    }

    const fn apply(name: &'static str, configuration: &'static str) -> Self {
        Case { name, provider: "", configuration, prepare: |_| {}, in_plan: false }
    }
}

const TRAIL: &str = r#"
resource "alitrail_trail" "this" {
  trail_name      = "audit-trail"
  oss_bucket_name = "existing-archive"
}
"#;

/// What Terraform says about a case, and which writes reached the cloud.
fn ask(case: &Case) -> (String, Vec<String>) {
    let mut fixture = Fixture::new(&full());
    fixture.write(
        "provider.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    \
             }}\n  }}\n}}\n\nprovider \"alitrail\" {{\n  {}\n}}\n",
            case.provider
        ),
    );
    fixture.configure(case.configuration);
    let mark = fixture.cloud.mark();
    (case.prepare)(&mut fixture);
    let said = if case.in_plan {
        fixture.fail(&["plan", "-no-color", "-input=false"])
    } else {
        fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"])
    };
    let mut hidden = said.replace(&*fixture.path().to_string_lossy(), "<directory>");
    for (secret, name) in [
        (fixture.cloud.account_id.as_str(), "<account>"),
        (fixture.cloud.access_key.as_str(), "<access key>"),
        (fixture.cloud.endpoint_url.as_str(), "<endpoint>"),
        (fixture.cloud.endpoint_url.trim_start_matches("http://"), "<address>"),
    ] {
        hidden = hidden.replace(secret, name);
    }
    assert!(!hidden.contains(&fixture.cloud.secret_key), "{}: the secret is shown", case.name);
    for untidy in ["?.", "!.", "..", ".\".", " ,", " .", ";;"] {
        let at = hidden.find(untidy).filter(|at| !hidden[*at..].starts_with("..."));
        assert!(at.is_none(), "{}: {untidy:?} in {hidden}", case.name);
    }
    assert!(!hidden.contains("not-the-secret"), "{}: the secret is shown", case.name);
    let accepted = fixture.cloud.writes_since(mark).into_iter().filter(|write| write.accepted);
    let written = accepted.map(|write| write.action).collect();
    (without_chance(&hidden), written)
}

/// Request ids and times differ from run to run.
fn without_chance(text: &str) -> String {
    let is_id = |word: &str| {
        word.len() >= 24
            && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
            && word.contains(|c: char| c.is_ascii_digit())
    };
    let is_time =
        |word: &str| word.len() == 20 && word.starts_with("20") && word.ends_with('Z') && word.contains('T');
    let belongs = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
    let mut plain = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        plain.push_str(match word.trim_end_matches(':') {
            id if is_id(id) => "<request id>",
            time if is_time(time) => "<time>",
            _ => word,
        });
        let next = after.find(belongs).unwrap_or(after.len());
        plain.push_str(&after[..next]);
        rest = &after[next..];
    }
    plain
}

/// Asks every case of a topic; the texts are held in the snapshot of that name.
fn explained(topic: &str, cases: &[Case]) {
    let results = Mutex::new(vec![None; cases.len()]);
    let next = Mutex::new(0..cases.len());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(index) = next.lock().unwrap().next() else { return };
                    let answer = ask(&cases[index]);
                    results.lock().unwrap()[index] = Some(answer);
                }
            });
        }
    });
    let mut texts = String::new();
    let mut writes = Vec::new();
    for (case, result) in cases.iter().zip(results.into_inner().unwrap()) {
        let (said, written) = result.expect("every case was asked");
        writeln!(texts, "## {}\n{said}\n", case.name).unwrap();
        writes.extend(written.into_iter().map(|action| format!("{}: {action}", case.name)));
    }
    assert!(writes.is_empty(), "wrong input led to writes: {writes:?}");
    insta::assert_snapshot!(topic, texts);
}

#[test]
fn notifications() {
    explained("notifications", notifications::CASES);
}

#[test]
fn oss() {
    explained("oss", oss::CASES);
}

#[test]
fn provider() {
    explained("provider", provider::CASES);
}

#[test]
fn roles() {
    explained("roles", roles::CASES);
}

#[test]
fn sls() {
    explained("sls", sls::CASES);
}

#[test]
fn trail() {
    explained("trail", trail::CASES);
}

#[test]
fn search() {
    explained("search", search::CASES);
}
