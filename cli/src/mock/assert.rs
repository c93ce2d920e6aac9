//! `alitrail mock assert`: whether the requests that a mock has seen are as many as they should be, for tests and CI.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use mock_cloud::cloud::Secret;
use serde::Deserialize;
use test_kit::admin::Admin;

use super::ADMIN_TOKEN;
use crate::failure::Failure;

/// As many requests as the mock remembers: with so many, older ones may be forgotten.
const REMEMBERED: usize = mock_cloud::REMEMBERED_REQUESTS;

/// Arguments of `alitrail mock assert`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("expectations").required(true).multiple(true)))]
pub(super) struct Arguments {
    /// Address of the admin interface of the mock. A command of `alitrail mock --` has it in the environment.
    #[arg(long, value_name = "URL", env = "ALITRAIL_MOCK_ADMIN_URL")]
    admin_url: String,

    /// The token of the admin interface, where it needs one.
    #[arg(long, value_name = "TOKEN", env = ADMIN_TOKEN, hide_env_values = true)]
    admin_token: Option<String>,

    /// Count only requests after this one: `last` in the answer to `GET /v1/requests`.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    since: u64,

    /// No request that changes something has been sent, whether it was accepted or refused.
    #[arg(long, group = "expectations")]
    no_writes: bool,

    /// No request has been answered with an error, or left without an answer.
    #[arg(long, group = "expectations")]
    no_errors: bool,

    /// So many calls of an action have been sent: ACTION or SERVICE:ACTION, then one of = < <= > >=, then a number. May be
    /// repeated.
    #[arg(long, value_name = "ACTION<=NUMBER", group = "expectations")]
    calls: Vec<Expectation>,
}

/// How many calls of an action there should be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expectation {
    text: String,
    service: Option<String>,
    action: String,
    relation: Relation,
    number: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Longer ones first, since the others are their beginnings.
const RELATIONS: [(&str, Relation); 6] = [
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("==", Relation::Equal),
    ("=", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::More),
];

impl FromStr for Expectation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at = text.find(['<', '>', '=']).ok_or("it takes ACTION<=NUMBER, with one of = < <= > >=")?;
        let (name, rest) = text.split_at(at);
        let found = RELATIONS.iter().find_map(|(sign, relation)| Some((rest.strip_prefix(sign)?, *relation)));
        let (number, relation) = found.ok_or("it takes one of = < <= > >=")?;
        let number = number.trim();
        let number = number.parse().map_err(|_| format!("{number:?} is no number of calls"))?;
        let name = name.trim();
        let (service, action) =
            name.split_once(':').map_or((None, name), |(service, action)| (Some(service), action));
        let expectation = Self {
            text: text.to_owned(),
            service: service.map(str::to_owned),
            action: action.to_owned(),
            relation,
            number,
        };
        expectation.known()?;
        Ok(expectation)
    }
}

impl Expectation {
    /// A name that no call has would be called at most three times whatever happens.
    fn known(&self) -> Result<(), String> {
        let all = mock_cloud::calls::all();
        let named: BTreeSet<&str> = all
            .iter()
            .filter(|(service, _)| self.service.as_deref().is_none_or(|wanted| wanted == *service))
            .map(|(_, action)| *action)
            .collect();
        if named.is_empty() {
            let services: BTreeSet<&str> = all.iter().map(|(service, _)| *service).collect();
            let services: Vec<&str> = services.into_iter().collect();
            return Err(format!("the mock has no such service; it has {}", services.join(", ")));
        }
        if named.contains(self.action.as_str()) {
            return Ok(());
        }
        let same = named.iter().find(|name| name.eq_ignore_ascii_case(&self.action));
        let close = same.or_else(|| {
            named.iter().find(|name| name.starts_with(&self.action) || self.action.starts_with(*name))
        });
        let close = close.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
        Err(format!("the mock has no call {:?}{close}", self.action))
    }

    fn count(&self, requests: &[Request]) -> usize {
        let fits = |request: &&Request| {
            request.action == self.action && self.service.as_ref().is_none_or(|name| *name == request.service)
        };
        requests.iter().filter(fits).count()
    }

    fn holds(&self, count: usize) -> bool {
        match self.relation {
            Relation::Equal => count == self.number,
            Relation::Less => count < self.number,
            Relation::AtMost => count <= self.number,
            Relation::More => count > self.number,
            Relation::AtLeast => count >= self.number,
        }
    }
}

/// A request in the mock's log, as far as it is looked at.
#[derive(Debug, Deserialize)]
struct Request {
    service: String,
    action: String,
    write: bool,
    status: Option<u16>,
}

/// What is said of an expectation: whether it holds, and what was found.
type Verdict = (bool, String);

/// Asks the mock and says on standard output what holds.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let verdicts = arguments.judge(&arguments.requests()?);
    let failed: Vec<&str> =
        verdicts.iter().filter(|(holds, _)| !holds).map(|(_, text)| text.as_str()).collect();
    for (_, text) in verdicts.iter().filter(|(holds, _)| *holds) {
        println!("holds: {text}");
    }
    if failed.is_empty() {
        return Ok(());
    }
    let listed: String = failed.iter().map(|text| format!("\n  {text}")).collect();
    Err(Failure::new(format!("{} of {} expectations do not hold:{listed}", failed.len(), verdicts.len())))
}

impl Arguments {
    fn requests(&self) -> Result<Vec<Request>, Failure> {
        #[derive(Deserialize)]
        struct Log {
            requests: Vec<Request>,
        }
        let token = self.admin_token.clone().map(Secret::new);
        let admin = Admin::with_token(&self.admin_url, token.as_ref().map(Secret::expose));
        let path = format!("requests?since={}", self.since);
        let log = admin.get(&path).map_err(|error| {
            Failure::not_looked_at(error.to_string()).with_hint(
                "--admin-url takes the admin_url of the line that the mock prints when it is ready.",
            )
        })?;
        let log: Log = serde_json::from_value(log).map_err(|error| {
            Failure::not_looked_at(format!("{} is no log of requests: {error}", admin.url_of(&path)))
        })?;
        if log.requests.len() >= REMEMBERED {
            return Err(Failure::not_looked_at(format!(
                "the mock remembers {REMEMBERED} requests, and there were more, so that none can be counted"
            ))
            .with_hint(
                "Forget them earlier (DELETE /v1/requests), or count from a later one with --since.",
            ));
        }
        Ok(log.requests)
    }

    fn judge(&self, requests: &[Request]) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        if self.no_writes {
            verdicts.push(none("no writes", requests.iter().filter(|request| request.write)));
        }
        if self.no_errors {
            let failed = |request: &&Request| request.status.is_none_or(|status| status >= 400);
            verdicts.push(none("no errors", requests.iter().filter(failed)));
        }
        for expectation in &self.calls {
            let count = expectation.count(requests);
            let text = format!("{}: {}", expectation.text, calls(count));
            verdicts.push((expectation.holds(count), text));
        }
        verdicts
    }
}

fn calls(count: usize) -> String {
    if count == 1 { "1 call".to_owned() } else { format!("{count} calls") }
}

/// That there are none of some requests, or which there are.
fn none<'r>(what: &str, found: impl Iterator<Item = &'r Request>) -> Verdict {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for request in found {
        let action = if request.action.is_empty() { "an unknown action" } else { &request.action };
        *counts.entry(format!("{}:{action}", request.service)).or_default() += 1;
    }
    if counts.is_empty() {
        return (true, what.to_owned());
    }
    let listed: Vec<String> =
        counts.iter().map(|(name, count)| format!("{name} ({})", calls(*count))).collect();
    (false, format!("{what}: {}", listed.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(action: &str, write: bool, status: Option<u16>) -> Request {
        Request { service: "actiontrail".into(), action: action.into(), write, status }
    }

    #[test]
    fn expectations_are_read_and_names_are_checked() {
        for (text, count, holds) in [
            ("DescribeTrails<=3", 3, true),
            ("DescribeTrails<=3", 4, false),
            ("DescribeTrails<3", 3, false),
            ("actiontrail:DescribeTrails = 0", 0, true),
            ("DescribeTrails==1", 2, false),
            ("DescribeTrails>1", 2, true),
            ("DescribeTrails>=1", 0, false),
        ] {
            assert_eq!(text.parse::<Expectation>().unwrap().holds(count), holds, "{text} {count}");
        }
        for (text, wanted) in [
            ("DescribeTrail<=3", "did you mean DescribeTrails?"),
            ("describetrails<=3", "did you mean DescribeTrails?"),
            ("ecs:DescribeTrails<=3", "it has actiontrail, oss"),
            ("sts:DescribeTrails<=3", "no call"),
            ("DescribeTrails", "ACTION<=NUMBER"),
            ("DescribeTrails<=many", "no number"),
            ("DescribeTrails=<3", "no number"),
            ("DescribeTrails<=-1", "no number"),
            ("", "ACTION<=NUMBER"),
        ] {
            let refused = text.parse::<Expectation>().unwrap_err();
            assert!(refused.contains(wanted), "{text}: {refused}");
        }
    }

    #[test]
    fn what_does_not_hold_is_listed() {
        let requests = [
            request("DescribeTrails", false, Some(200)),
            request("CreateTrail", true, Some(400)),
            request("CreateTrail", true, None),
        ];
        let arguments = Arguments {
            admin_url: String::new(),
            admin_token: None,
            since: 0,
            no_writes: true,
            no_errors: true,
            calls: vec!["DescribeTrails=1".parse().unwrap(), "sts:GetCallerIdentity>0".parse().unwrap()],
        };
        let wanted = [
            (false, "no writes: actiontrail:CreateTrail (2 calls)"),
            (false, "no errors: actiontrail:CreateTrail (2 calls)"),
            (true, "DescribeTrails=1: 1 call"),
            (false, "sts:GetCallerIdentity>0: 0 calls"),
        ];
        assert_eq!(arguments.judge(&requests), wanted.map(|(holds, text)| (holds, text.to_owned())));
    }
}
