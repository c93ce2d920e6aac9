//! An audit: accounts are looked at and judged side by side, then the organization, then the exceptions.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use alibaba::Client;
use futures_util::StreamExt;
use futures_util::stream;
use glob::{MatchOptions, Pattern};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_util::sync::CancellationToken;

use crate::collect;
use crate::exceptions::{ExceptionUse, Exceptions};
use crate::facts::{Coverage, Fact, Facts, OrganizationFacts};
use crate::finding::{Finding, Findings, Report, Severity, Verdict};
use crate::parameters::Parameters;
use crate::profile::Profile;
use crate::rule::{Judge, Rule, change, every_rule, rules};

/// What is judged, and by what.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The profile.
    pub profile: Profile,
    /// Its rules, or some of them.
    pub rules: Vec<&'static Rule>,
    /// The rules about changes, or some of them: they belong to every profile.
    pub changes: Vec<&'static Rule>,
    /// The numbers and names that they compare with.
    pub parameters: Parameters,
    /// The failures that somebody accepted.
    pub exceptions: Exceptions,
}

impl Selection {
    /// A profile as it is, without exceptions.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            rules: profile.rules().collect(),
            changes: change::rules().collect(),
            parameters: profile.parameters(),
            exceptions: Exceptions::default(),
        }
    }

    /// Keeps the rules whose ids fit one of the patterns in `only` (all if there are none) and none of those in `except`, and
    /// that are at least so severe.
    ///
    /// # Errors
    /// A pattern that fits no rule at all.
    pub fn narrow(
        &mut self,
        only: &[String],
        except: &[String],
        least: Option<Severity>,
    ) -> Result<(), UnknownRule> {
        let read = |patterns: &[String]| {
            let read = |text: &String| {
                let pattern = Pattern::new(text).ok();
                let pattern = pattern.filter(|pattern| every_rule().any(|rule| matches(pattern, rule)));
                pattern.ok_or_else(|| UnknownRule(text.clone()))
            };
            patterns.iter().map(read).collect::<Result<Vec<_>, _>>()
        };
        let (only, except) = (read(only)?, read(except)?);
        let fits = |patterns: &[Pattern], rule: &Rule| patterns.iter().any(|pattern| matches(pattern, rule));
        let parameters = &self.parameters;
        let is_kept = |rule: &&'static Rule| {
            let severity = parameters.severities.get(rule.id).copied().unwrap_or(rule.severity);
            (only.is_empty() || fits(&only, rule))
                && !fits(&except, rule)
                && least.is_none_or(|least| severity >= least)
        };
        self.rules.retain(is_kept);
        self.changes.retain(is_kept);
        Ok(())
    }

    /// The RAM actions that its rules need, without those for getting into the accounts. Which trail an account is judged by takes
    /// those of AT-01 in any case.
    #[must_use]
    pub fn actions(&self) -> BTreeSet<&'static str> {
        let first = rules().iter().filter(|rule| rule.id == "AT-01" && !self.rules.is_empty());
        first.chain(&self.rules).flat_map(|rule| rule.actions).copied().collect()
    }

    fn judge(
        &self,
        account: &str,
        account_name: Option<&str>,
        mut with: impl FnMut(Judge, &mut Findings<'_>),
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        for rule in self.rules.iter().copied() {
            let from = found.len();
            with(rule.judge, &mut Findings { rule, account, account_name, found: &mut found });
            if let Some(severity) = self.parameters.severities.get(rule.id) {
                found[from..].iter_mut().for_each(|finding| finding.severity = *severity);
            }
        }
        found
    }

    /// Judges one account.
    #[must_use]
    pub fn judge_account(&self, facts: &Facts) -> Vec<Finding> {
        self.judge(&facts.account, facts.account_name.as_deref(), |judge, findings| {
            if let Judge::Account(judge) = judge {
                judge(facts, &self.parameters, findings);
            }
        })
    }

    /// Judges the organization, whose [`OrganizationFacts::coverage`] says what was found in its accounts.
    #[must_use]
    pub fn judge_organization(&self, facts: &OrganizationFacts) -> Vec<Finding> {
        self.judge(&facts.management_account, None, |judge, findings| {
            if let Judge::Organization(judge) = judge {
                judge(facts, &self.parameters, findings);
            }
        })
    }

    /// Applies the exceptions to all findings, and adds what there is to say about the exceptions themselves.
    pub fn apply_exceptions(
        &self,
        findings: &mut Vec<Finding>,
        looked_at: &[&str],
        not_looked_at: &[&str],
        now: OffsetDateTime,
    ) {
        let today = now.date();
        let mut used = BTreeSet::new();
        self.exceptions.apply(findings, today, &mut used);
        let exceptions =
            ExceptionUse { exceptions: &self.exceptions, used: &used, today, looked_at, not_looked_at };
        // An exception belongs to no account, and is the same in every part of an audit.
        findings.extend(self.judge("*", None, |judge, findings| {
            if let Judge::Exceptions(judge) = judge {
                judge(&exceptions, &self.parameters, findings);
            }
        }));
    }
}

/// Whether a pattern, in any letter case, is for a rule.
fn matches(pattern: &Pattern, rule: &Rule) -> bool {
    pattern.matches_with(rule.id, MatchOptions { case_sensitive: false, ..MatchOptions::default() })
}

/// A pattern that fits no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule {0:?}")]
pub struct UnknownRule(pub String);

/// How an account is covered, by what AT-01 finds.
#[must_use]
pub fn coverage(facts: &Facts) -> Coverage {
    let mut found = Vec::new();
    if let Some(rule) = crate::rule("AT-01")
        && let Judge::Account(judge) = rule.judge
    {
        let mut findings = Findings { rule, account: &facts.account, account_name: None, found: &mut found };
        judge(facts, &Parameters::default(), &mut findings);
    }
    match found.pop() {
        Some(Finding { verdict: Verdict::Pass, message, .. }) => Coverage::By(message),
        Some(Finding { verdict: Verdict::CouldNotLook, message, action, .. }) => {
            Coverage::CouldNotLook { action, reason: message }
        }
        Some(Finding { verdict: Verdict::Unknown, message, .. }) => Coverage::Unknown(message),
        Some(Finding { message, .. }) => Coverage::No(message),
        None => Coverage::Unknown("it was not judged".to_owned()),
    }
}

/// An account to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub account: String,
    /// Its display name, if it is known.
    pub name: Option<String>,
}

/// How an audit goes about it.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many accounts are looked at at the same time.
    pub concurrency: usize,
    /// How each of them is looked at.
    pub collect: collect::Options,
    /// Ends the audit early, with what there is.
    pub cancel: CancellationToken,
}

/// An account that the audit is done with.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// It was looked at, and this was seen and found.
    LookedAt(&'a Target, &'a Facts, &'a [Finding]),
    /// It could not be looked at. Why.
    NotLookedAt(&'a Target, &'a str),
}

/// Looks at accounts and judges them, and the organization if there is one.
///
/// `connect` makes the client of an account when its turn comes, such as by assuming a role in it; what it refuses makes the
/// account one that could not be looked at. It is called once more for an account that trails of another one deliver to. `progress` is called as each account is done, in the order in which they are.
pub async fn audit<C, F>(
    targets: Vec<Target>,
    connect: C,
    organization: Option<OrganizationFacts>,
    selection: &Selection,
    options: &Options,
    mut progress: impl FnMut(Progress<'_>),
) -> Report
where
    C: Fn(Target) -> F,
    F: Future<Output = Result<Client, String>>,
{
    let begun = OffsetDateTime::now_utc();
    let mut report =
        Report { begun: stamp(begun), profile: selection.profile.name().to_owned(), ..Report::default() };
    let mut organization = organization;
    let mut looked_at: Vec<String> = Vec::new();
    let mut waiting: BTreeSet<String> = targets.iter().map(|target| target.account.clone()).collect();
    let known = organization.clone();
    let all: BTreeMap<String, Target> =
        targets.iter().map(|target| (target.account.clone(), target.clone())).collect();
    let (connect, known, all) = (&connect, &known, &all);
    let look = |target: Target| async move {
        let judged = async {
            let client = connect(target.clone()).await?.with_cancel(options.cancel.clone());
            let mut collect = options.collect.clone();
            collect.organization_is_known |= known.is_some();
            collect.owns_organization_trails |=
                known.as_ref().is_some_and(|facts| owns(facts, &target.account));
            let mut facts =
                collect::account(&client, &target.account, target.name.as_deref(), &collect).await;
            for other in collect::destination_accounts(&facts) {
                // Only accounts of this audit are got into; what others hold could not be looked at.
                let Some(other) = all.get(&other) else { continue };
                if let Ok(client) = connect(other.clone()).await {
                    let client = client.with_cancel(options.cancel.clone());
                    collect::destinations(&client, &other.account, &mut facts).await;
                }
            }
            if let Some(organization) = known {
                complete(&mut facts, organization);
            }
            Ok::<_, String>((selection.judge_account(&facts), coverage(&facts), facts))
        };
        let outcome = tokio::select! {
            biased;
            () = options.cancel.cancelled() => None,
            outcome = judged => Some(outcome),
        };
        (target, outcome)
    };
    let mut accounts =
        stream::iter(targets.into_iter().map(look)).buffer_unordered(options.concurrency.max(1));
    while let Some((target, outcome)) = accounts.next().await {
        let coverage = match outcome {
            // Whatever was read while the audit ended is half of an account.
            _ if options.cancel.is_cancelled() => break,
            None => break,
            Some(Ok((findings, coverage, facts))) => {
                progress(Progress::LookedAt(&target, &facts, &findings));
                looked_at.push(target.account.clone());
                report.findings.extend(findings);
                coverage
            }
            Some(Err(reason)) => {
                progress(Progress::NotLookedAt(&target, &reason));
                report.accounts_not_looked_at.push((target.account.clone(), reason.clone()));
                Coverage::CouldNotLook { action: None, reason }
            }
        };
        waiting.remove(&target.account);
        if let Some(facts) = &mut organization {
            facts.coverage.insert(target.account, coverage);
        }
    }
    drop(accounts);
    report.interrupted = options.cancel.is_cancelled();
    let interrupted = "the audit was interrupted before";
    report
        .accounts_not_looked_at
        .extend(waiting.into_iter().map(|account| (account, interrupted.to_owned())));
    report.accounts_looked_at = looked_at.len();
    if let Some(facts) = organization.filter(|_| !report.interrupted) {
        report.findings.extend(selection.judge_organization(&facts));
    }
    let looked_at: Vec<&str> = looked_at.iter().map(String::as_str).collect();
    let not_looked_at: Vec<&str> =
        report.accounts_not_looked_at.iter().map(|(account, _)| account.as_str()).collect();
    selection.apply_exceptions(&mut report.findings, &looked_at, &not_looked_at, begun);
    report.findings.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.rule, finding.region.clone());
        (&one.account, key(one), &one.resource).cmp(&(&other.account, key(other), &other.resource))
    });
    report.ended = stamp(OffsetDateTime::now_utc());
    report
}

/// Whether an account may own trails of the organization.
fn owns(organization: &OrganizationFacts, account: &str) -> bool {
    organization.management_account == account
        || organization.delegated_administrators.known().is_some_and(|administrators| {
            administrators.iter().any(|administrator| administrator.account == account)
        })
}

/// Adds to the facts of an account what only the organization knows: the status of its trails, and the control policies that
/// hold for the account.
pub fn complete(facts: &mut Facts, organization: &OrganizationFacts) {
    facts.control_policies = organization.documents_for(&facts.account);
    let (Fact::Known(trails), Some(of_organization)) = (&mut facts.trails, organization.trails.known())
    else {
        return;
    };
    trails.retain(|trail| !trail.is_organization_trail || trail.account == facts.account);
    let others = of_organization.iter().filter(|trail| trail.account != facts.account);
    trails.extend(others.cloned());
}

fn stamp(moment: OffsetDateTime) -> String {
    let moment = moment.replace_nanosecond(0).unwrap_or(moment);
    moment.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
