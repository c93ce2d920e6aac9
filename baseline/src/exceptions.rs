//! Exceptions: failures that somebody accepted, until when and why. A file in TOML:
//!
//! ```toml
//! [[exception]]
//! id = "sandbox-without-logstore"
//! accounts = ["1000000000000002"]
//! rules = ["AT-06", "SL-*"]
//! resources = ["trail:sandbox*"]       # kind:id, or id alone; all if left out
//! owner = "platform@example.com"
//! reason = "The sandbox is deleted every night."
//! ticket = "SEC-1234"
//! expires = 2027-03-31                 # the last day on which it holds
//! ```

use std::collections::BTreeSet;
use std::path::Path;

use glob::Pattern;
use serde::{Deserialize, Serialize};
use time::Date;
use toml::Spanned;
use toml::value::Datetime;

use crate::file::{self, FileError, Source};
use crate::finding::{Finding, Verdict};
use crate::rule::every_rule;

/// The JSON schema of the file, for editors.
pub const SCHEMA: &str = include_str!("../schema/exceptions.schema.json");

/// An exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Unique in the file.
    pub id: String,
    /// Patterns of account ids.
    pub accounts: Vec<Pattern>,
    /// Patterns of rule ids.
    pub rules: Vec<Pattern>,
    /// Patterns of resources, as `kind:id` or `id`.
    pub resources: Vec<Pattern>,
    /// Who answers for it.
    pub owner: String,
    /// Why it is accepted.
    pub reason: String,
    /// Where it was decided.
    pub ticket: Option<String>,
    /// The last day on which it holds.
    pub expires: Date,
    /// The line of the file that it begins on.
    pub line: u32,
}

/// What a file says of exceptions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions {
    file: String,
    all: Vec<Exception>,
}

/// An exception in a list, with the days that are left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Patterns of account ids.
    pub accounts: Vec<String>,
    /// Patterns of rule ids.
    pub rules: Vec<String>,
    /// Patterns of resources.
    pub resources: Vec<String>,
    /// Who answers for it.
    pub owner: String,
    /// Why it is accepted.
    pub reason: String,
    /// Where it was decided.
    pub ticket: Option<String>,
    /// The last day on which it holds, as `YYYY-MM-DD`.
    pub expires: String,
    /// How many days are left after today; negative once it has expired.
    pub days_left: i64,
}

/// What exceptions did in an audit.
#[derive(Debug, Clone, Copy)]
pub struct ExceptionUse<'a> {
    /// All of them.
    pub exceptions: &'a Exceptions,
    /// The positions of those that excused something.
    pub used: &'a BTreeSet<usize>,
    /// The day of the audit (UTC).
    pub today: Date,
    /// The accounts that were looked at.
    pub looked_at: &'a [&'a str],
    /// The accounts that could not be looked at.
    pub not_looked_at: &'a [&'a str],
}

impl Exception {
    /// How many days are left after today; negative once it has expired.
    #[must_use]
    pub fn days_left(&self, today: Date) -> i64 {
        (self.expires - today).whole_days()
    }

    /// Whether it is about an account.
    #[must_use]
    pub fn concerns_account(&self, account: &str) -> bool {
        self.accounts.iter().any(|pattern| pattern.matches(account))
    }

    /// Whether it is about a finding.
    #[must_use]
    pub fn concerns(&self, finding: &Finding) -> bool {
        let resource = &finding.resource;
        let full = format!("{}:{}", resource.kind, resource.id);
        self.concerns_account(&finding.account)
            && self.rules.iter().any(|pattern| pattern.matches(finding.rule))
            && self.resources.iter().any(|pattern| pattern.matches(&full) || pattern.matches(&resource.id))
    }
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exception: Vec<Spanned<Entry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    accounts: Spanned<Vec<Spanned<String>>>,
    rules: Spanned<Vec<Spanned<String>>>,
    resources: Option<Spanned<Vec<Spanned<String>>>>,
    owner: Spanned<String>,
    reason: Spanned<String>,
    ticket: Option<Spanned<String>>,
    expires: Spanned<Datetime>,
}

impl Exceptions {
    /// Reads a file.
    ///
    /// # Errors
    /// The first mistake, with its line and column.
    pub fn load(path: &Path) -> Result<Self, FileError> {
        let text = file::read(path)?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads a text; `name` is what errors and findings call the file.
    ///
    /// # Errors
    /// The first mistake, with its line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, FileError> {
        let source = Source { name, text };
        let file: File = source.parse()?;
        let mut all: Vec<Exception> = Vec::new();
        for entry in file.exception {
            let exception = read(source, entry)?;
            all.push(exception);
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = all.iter().find(|exception| !ids.insert(exception.id.clone())) {
            return Err(FileError {
                file: name.to_owned(),
                line: Some(twice.line as usize),
                column: Some(1),
                message: format!("there is another exception with the id {:?}", twice.id),
            });
        }
        Ok(Self { file: name.to_owned(), all })
    }

    /// The file that they are from.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Exception] {
        &self.all
    }

    /// All of them with the days that are left, those that expire first at the top.
    #[must_use]
    pub fn list(&self, today: Date) -> Vec<Listed> {
        let texts =
            |patterns: &[Pattern]| patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect();
        let listed = |exception: &Exception| Listed {
            id: exception.id.clone(),
            accounts: texts(&exception.accounts),
            rules: texts(&exception.rules),
            resources: texts(&exception.resources),
            owner: exception.owner.clone(),
            reason: exception.reason.clone(),
            ticket: exception.ticket.clone(),
            expires: exception.expires.to_string(),
            days_left: exception.days_left(today),
        };
        let mut all: Vec<Listed> = self.all.iter().map(listed).collect();
        all.sort_by_key(|listed| listed.days_left);
        all
    }

    /// Marks failures that an exception accepts today, and notes the positions of the exceptions that did in `used`.
    pub fn apply(&self, findings: &mut [Finding], today: Date, used: &mut BTreeSet<usize>) {
        for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::Fail) {
            let accepts =
                |exception: &&Exception| exception.days_left(today) >= 0 && exception.concerns(finding);
            let Some((at, exception)) = self.all.iter().enumerate().find(|(_, exception)| accepts(exception))
            else {
                continue;
            };
            used.insert(at);
            finding.verdict = Verdict::Excepted;
            let ticket = exception.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
            finding.exception = Some(format!(
                "{}: {} ({}{ticket}, until {})",
                exception.id, exception.reason, exception.owner, exception.expires
            ));
        }
    }
}

fn read(source: Source<'_>, entry: Spanned<Entry>) -> Result<Exception, FileError> {
    let line = source.error(&entry, "").line.unwrap_or_default();
    let entry = entry.into_inner();
    let text = |name: &str, value: Spanned<String>| {
        if value.get_ref().trim().is_empty() {
            return Err(source.error(&value, format!("{name} is empty")));
        }
        Ok(value.into_inner())
    };
    let patterns = |name: &str, values: Spanned<Vec<Spanned<String>>>| -> Result<Vec<Pattern>, FileError> {
        if values.get_ref().is_empty() {
            return Err(source.error(&values, format!("{name} is empty: write [\"*\"] for all")));
        }
        values
            .into_inner()
            .into_iter()
            .map(|value| {
                Pattern::new(value.get_ref()).map_err(|error| {
                    source.error(&value, format!("{:?} is no pattern: {}", value.get_ref(), error.msg))
                })
            })
            .collect()
    };
    for account in entry.accounts.get_ref() {
        if !account.get_ref().bytes().all(|byte| byte.is_ascii_digit() || b"*?[]-!".contains(&byte)) {
            let message = format!(
                "{:?} is no account id, which has digits only, and no pattern of one",
                account.get_ref()
            );
            return Err(source.error(account, message));
        }
    }
    for rule in entry.rules.get_ref() {
        let matches = |pattern: &Pattern| every_rule().any(|known| pattern.matches(known.id));
        if Pattern::new(rule.get_ref()).is_ok_and(|pattern| !matches(&pattern)) {
            return Err(source.error(rule, format!("there is no rule {:?}", rule.get_ref())));
        }
    }
    let expires = date(*entry.expires.get_ref())
        .ok_or_else(|| source.error(&entry.expires, "expires is no day: write expires = 2027-03-31"))?;
    Ok(Exception {
        id: text("id", entry.id)?,
        accounts: patterns("accounts", entry.accounts)?,
        rules: patterns("rules", entry.rules)?,
        resources: match entry.resources {
            Some(resources) => patterns("resources", resources)?,
            None => vec![Pattern::new("*").unwrap_or_default()],
        },
        owner: text("owner", entry.owner)?,
        reason: text("reason", entry.reason)?,
        ticket: entry.ticket.map(|ticket| text("ticket", ticket)).transpose()?,
        expires,
        line: u32::try_from(line).unwrap_or(u32::MAX),
    })
}

fn date(value: Datetime) -> Option<Date> {
    let date = value.date.filter(|_| value.time.is_none())?;
    let month = time::Month::try_from(date.month).ok()?;
    Date::from_calendar_date(i32::from(date.year), month, date.day).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::finding::{Resource, Severity};

    const TODAY: Date = date!(2026 - 12 - 01);

    fn entry(rest: &str) -> String {
        format!(
            "[[exception]]\nid = \"sandbox\"\nowner = \"a@example.com\"\nreason = \"Deleted every night.\"\nexpires = 2027-03-31\n{rest}"
        )
    }

    const ALL: &str = "accounts = [\"1000*\"]\nrules = [\"OS-*\"]\nresources = [\"bucket:sandbox-*\"]\nticket = \"SEC-1\"\n";

    fn finding(rule: &'static str, account: &str, id: &str) -> Finding {
        Finding {
            rule,
            severity: Severity::High,
            verdict: Verdict::Fail,
            account: account.into(),
            account_name: None,
            region: None,
            resource: Resource::new("bucket", id),
            message: String::new(),
            remedy: None,
            action: None,
            exception: None,
            location: None,
        }
    }

    #[test]
    fn an_exception_accepts_what_all_of_its_patterns_fit_until_it_expires() {
        let exceptions = Exceptions::parse("e.toml", &entry(ALL)).unwrap();
        let mut findings = [
            finding("OS-01", "1000000000000002", "sandbox-1"),
            finding("AT-01", "1000000000000002", "sandbox-1"),
            finding("OS-01", "2000000000000002", "sandbox-1"),
            finding("OS-01", "1000000000000002", "archive"),
            Finding { verdict: Verdict::Unknown, ..finding("OS-01", "1000000000000002", "sandbox-1") },
        ];
        let mut used = BTreeSet::new();
        exceptions.apply(&mut findings, TODAY, &mut used);
        let verdicts: Vec<Verdict> = findings.iter().map(|finding| finding.verdict).collect();
        use Verdict::{Excepted, Fail, Unknown};
        assert_eq!(verdicts, [Excepted, Fail, Fail, Fail, Unknown]);
        assert_eq!(
            findings[0].exception.as_deref(),
            Some("sandbox: Deleted every night. (a@example.com, SEC-1, until 2027-03-31)")
        );
        assert_eq!(used, [0].into());
        let mut later = [finding("OS-01", "1000000000000002", "sandbox-1")];
        exceptions.apply(&mut later, date!(2027 - 03 - 31), &mut used);
        assert_eq!(later[0].verdict, Excepted);
        let mut expired = [finding("OS-01", "1000000000000002", "sandbox-1")];
        exceptions.apply(&mut expired, date!(2027 - 04 - 01), &mut used);
        assert_eq!(expired[0].verdict, Fail, "it comes back");
    }

    #[test]
    fn resources_are_matched_by_id_too_and_all_of_them_if_none_are_named() {
        for resources in ["", "resources = [\"sandbox-*\"]\n", "resources = [\"bucket:*\"]\n"] {
            let text = entry(&format!("accounts = [\"*\"]\nrules = [\"*\"]\n{resources}"));
            let exceptions = Exceptions::parse("e.toml", &text).unwrap();
            assert!(exceptions.all()[0].concerns(&finding("OS-01", "1", "sandbox-1")), "{resources}");
        }
    }

    #[test]
    fn the_list_has_the_days_that_are_left() {
        let text = entry(ALL) + &entry(ALL).replace("sandbox\"", "old\"").replace("2027-03-31", "2026-11-30");
        let list = Exceptions::parse("e.toml", &text).unwrap().list(TODAY);
        let days: Vec<(&str, i64)> =
            list.iter().map(|listed| (listed.id.as_str(), listed.days_left)).collect();
        assert_eq!(days, [("old", -1), ("sandbox", 120)]);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let with = |from: &str, to: &str| entry(ALL).replace(from, to);
        for (text, line, column, words) in [
            (with("owner = \"a@example.com\"\n", ""), 1, 1, "missing field `owner`"),
            (with("a@example.com", " "), 3, 9, "owner is empty"),
            (with("2027-03-31", "\"2027-03-31\""), 5, 11, ""),
            (with("2027-03-31", "2027-03-31T00:00:00Z"), 5, 11, "no day"),
            (with("2027-03-31", "2027-02-30"), 5, 11, ""),
            (with("OS-*", "OS-10"), 7, 10, "no rule \"OS-10\""),
            (with("1000*", "prod"), 6, 13, "no account id"),
            (with("[\"1000*\"]", "[]"), 6, 12, "write [\"*\"]"),
            (with("sandbox-*", "sandbox-["), 8, 14, "no pattern"),
            (with("ticket", "tickets"), 9, 1, "unknown field"),
            (entry(ALL) + &entry(ALL), 10, 1, "another exception"),
            ("exceptions = []".to_owned(), 1, 1, "unknown field"),
        ] {
            let error = Exceptions::parse("e.toml", &text).unwrap_err();
            assert!(error.message.contains(words), "{error}");
            assert_eq!((error.line, error.column), (Some(line), Some(column)), "{error}");
        }
        assert_eq!(Exceptions::parse("e.toml", "").unwrap().all(), []);
    }

    #[test]
    fn the_schema_has_the_members_of_the_file() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let entry = &schema["$defs"]["exception"];
        let in_schema: BTreeSet<&str> =
            entry["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        // The parser tells which members it knows when it meets one that it does not.
        let error = Exceptions::parse("e.toml", "[[exception]]\nzzz = 1").unwrap_err().message;
        let known: BTreeSet<&str> =
            error.split('`').skip(3).step_by(2).filter(|name| !name.is_empty()).collect();
        assert_eq!(in_schema, known, "{error}");
        for name in &in_schema {
            let required = entry["required"].as_array().unwrap().iter().any(|required| required == name);
            let text = self::entry(ALL);
            let without: String = text
                .lines()
                .filter(|line| !line.starts_with(&format!("{name} =")))
                .map(|line| format!("{line}\n"))
                .collect();
            assert_eq!(Exceptions::parse("e.toml", &without).is_err(), required, "{name}");
        }
        assert_eq!(entry["additionalProperties"], false);
        assert!(schema["properties"]["exception"].is_object());
    }
}
