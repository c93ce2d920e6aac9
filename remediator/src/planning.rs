//! From the findings of an account to its changes.

use baseline::facts::{Trail, project_of_arn};
use baseline::{Facts, Finding, Judge, Parameters, Verdict};

use crate::change::Change;

/// A change that a finding asks for. What it reads now is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// The change.
    pub change: Change,
    /// The region of the object.
    pub region: String,
    /// The rules that ask for it.
    pub rules: Vec<&'static str>,
    /// The findings that it answers, by fingerprint.
    pub findings: Vec<String>,
}

/// A finding that no change of this program answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAutomatic {
    /// The finding, by fingerprint.
    pub finding: String,
    /// Why.
    pub reason: String,
}

/// The changes that the failures of an account ask for, each once and in the order in which they are made.
///
/// `included` are the rules whose changes a person asked for although they are not safe to automate.
#[must_use]
pub fn propose(
    facts: &Facts,
    findings: &[Finding],
    parameters: &Parameters,
    included: &[String],
) -> (Vec<Proposal>, Vec<NotAutomatic>) {
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut not_automatic = Vec::new();
    for finding in findings.iter().filter(|finding| finding.verdict == Verdict::Fail) {
        let fingerprint = finding.fingerprint();
        let is_included = included.iter().any(|rule| rule.eq_ignore_ascii_case(finding.rule));
        let is_safe = baseline::rule(finding.rule).is_some_and(|rule| rule.safe_to_automate);
        let changes = changes(facts, finding, parameters);
        let reason = match (changes.is_empty(), is_safe || is_included) {
            (true, _) => {
                "This program makes no change for it: a person follows the fix of the rule.".to_owned()
            }
            (false, false) => {
                format!(
                    "It is not safe without a person's decision: --include {} makes the change.",
                    finding.rule
                )
            }
            (false, true) => {
                for (region, change) in changes {
                    add(&mut proposals, change, region, finding.rule, &fingerprint);
                }
                continue;
            }
        };
        not_automatic.push(NotAutomatic { finding: fingerprint, reason });
    }
    proposals.sort();
    (proposals, not_automatic)
}

fn add(proposals: &mut Vec<Proposal>, change: Change, region: String, rule: &'static str, fingerprint: &str) {
    let known = proposals.iter_mut().find(|known| known.change == change && known.region == region);
    let proposal = match known {
        Some(known) => known,
        None => {
            proposals.push(Proposal { change, region, rules: Vec::new(), findings: Vec::new() });
            let last = proposals.len() - 1;
            &mut proposals[last]
        }
    };
    if !proposal.rules.contains(&rule) {
        proposal.rules.push(rule);
    }
    proposal.findings.push(fingerprint.to_owned());
}

fn changes(facts: &Facts, finding: &Finding, parameters: &Parameters) -> Vec<(String, Change)> {
    let id = finding.resource.id.clone();
    let here =
        |change: Change| finding.region.clone().map(|region| vec![(region, change)]).unwrap_or_default();
    let store = || id.split_once('/').map(|(project, logstore)| (project.to_owned(), logstore.to_owned()));
    match finding.rule {
        // What is wrong with the trail is what these find.
        "AT-01" => ["AT-02", "AT-03", "AT-04"]
            .into_iter()
            .filter_map(baseline::rule)
            .flat_map(|rule| failures(facts, rule, parameters))
            .flat_map(|finding| changes(facts, &finding, parameters))
            .collect(),
        "AT-02" | "AT-03" => here(Change::WidenTrail { trail: id }),
        "AT-04" => here(Change::StartLogging { trail: id }),
        "AT-08" => {
            let region = parameters.global_events_region.clone();
            let home = own_trails(facts).find_map(|trail| trail.home_region.known().cloned());
            home.map(|home| vec![(home, Change::StoreGlobalEvents { region })]).unwrap_or_default()
        }
        "OS-01" => {
            let mut found = here(Change::BlockPublicAccess { bucket: id.clone() });
            let acl = facts.buckets.get(&id).and_then(|bucket| bucket.known()?.acl.known().cloned());
            if acl.is_some_and(|acl| acl != "private") {
                found.extend(here(Change::MakePrivate { bucket: id }));
            }
            found
        }
        "OS-02" => here(Change::RefusePlainHttp { bucket: id }),
        "OS-05" => here(Change::EnableVersioning { bucket: id }),
        "OS-06" => {
            let days = parameters.archive_retention_days;
            let rules = early_rules(facts, &id, days);
            if rules.is_empty() { Vec::new() } else { here(Change::KeepObjects { bucket: id, rules, days }) }
        }
        "OS-08" => here(Change::LockArchive { bucket: id, days: parameters.worm_days }),
        "SL-01" => store()
            .map(|(project, logstore)| {
                here(Change::KeepLogs { project, logstore, days: parameters.log_retention_days })
            })
            .unwrap_or_default(),
        "SL-02" => store()
            .map(|(project, logstore)| here(Change::MakeSearchable { project, logstore }))
            .unwrap_or_default(),
        "SL-04" | "SL-05" => alert(facts, &id),
        _ => Vec::new(),
    }
}

fn own_trails(facts: &Facts) -> impl Iterator<Item = &Trail> {
    facts.trails.known().into_iter().flatten().filter(|trail| trail.account == facts.account)
}

fn failures(facts: &Facts, rule: &'static baseline::Rule, parameters: &Parameters) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Judge::Account(judge) = rule.judge {
        let mut findings =
            baseline::Findings { rule, account: &facts.account, account_name: None, found: &mut found };
        judge(facts, parameters, &mut findings);
    }
    found.retain(|finding| finding.verdict == Verdict::Fail);
    found
}

/// The rules of a bucket that delete what a trail delivers before these days, by age. A rule with a date is for a person.
fn early_rules(facts: &Facts, bucket: &str, days: i64) -> Vec<String> {
    let Some(found) = facts.buckets.get(bucket).and_then(baseline::Fact::known) else { return Vec::new() };
    let prefixes: Vec<String> = own_trails(facts)
        .filter(|trail| trail.oss_bucket.known().is_some_and(|name| name == bucket))
        .map(Trail::object_prefix)
        .collect();
    let is_early = |rule: &&baseline::facts::LifecycleRule| {
        let concerned = prefixes.iter().any(|prefix| rule.concerns(prefix));
        let age = match rule.expiration {
            Some(baseline::facts::When::Days(age)) => age,
            _ => return false,
        };
        concerned && age < days
    };
    found.lifecycle.known().into_iter().flatten().filter(is_early).map(|rule| rule.id.clone()).collect()
}

/// The alert that a control asks for, over the logstore of the trail that delivers to one.
fn alert(facts: &Facts, control: &str) -> Vec<(String, Change)> {
    let Some((title, query)) = baseline::search_for(control) else { return Vec::new() };
    let trail = own_trails(facts).find(|trail| trail.project().is_some());
    let project = trail.and_then(|trail| project_of_arn(trail.sls_project_arn.known()?));
    let (Some(trail), Some(project)) = (trail, project) else { return Vec::new() };
    let change = Change::Alert {
        project: project.name.to_owned(),
        logstore: trail.logstore(),
        name: format!("alitrail-{}", control.replace('.', "-")),
        title,
        query,
    };
    vec![(project.region.to_owned(), change)]
}
