//! What a run is going to do: the steps of every account, what no step answers, and the file that holds them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use baseline::{Finding, Verdict};
use remediator::Step;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::report::plural;

/// The version of the form.
const VERSION: u32 = 1;

/// What a run is going to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Plan {
    version: u32,
    /// In the order in which they are made, account by account.
    pub(super) steps: Vec<Step>,
    /// Failures that no step answers.
    pub(super) left: Vec<Left>,
}

/// A failure that no step answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Left {
    pub(super) account: String,
    pub(super) rule: String,
    pub(super) resource: String,
    pub(super) reason: String,
}

impl Left {
    pub(super) fn new(finding: &Finding, reason: String) -> Self {
        Self {
            account: finding.account.clone(),
            rule: finding.rule.to_owned(),
            resource: finding.resource.to_string(),
            reason,
        }
    }
}

impl Plan {
    /// A plan. Accounts come in this order: the canary, then by exposure (accounts with public archives, then with the most
    /// critical failures), then by id.
    pub(super) fn new(
        mut steps: Vec<Step>,
        left: Vec<Left>,
        findings: &[Finding],
        canary: Option<&str>,
    ) -> Self {
        let mut exposure: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.verdict == Verdict::Fail) {
            let (public, critical) = exposure.entry(&finding.account).or_default();
            *public += usize::from(finding.rule == "OS-01");
            *critical += usize::from(finding.severity == baseline::Severity::Critical);
        }
        let rank = |step: &Step| {
            let exposed = exposure.get(step.account.as_str()).copied().unwrap_or_default();
            (canary != Some(step.account.as_str()), std::cmp::Reverse(exposed))
        };
        steps.sort_by(|one, other| {
            let key = |step: &Step| (step.account.clone(), step.change.clone());
            rank(one).cmp(&rank(other)).then_with(|| key(one).cmp(&key(other)))
        });
        Self { version: VERSION, steps, left }
    }

    /// Writes it to a file, and gives the digest of that.
    pub(super) fn save(&self, path: &Path) -> Result<String, Failure> {
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| Failure::new(error.to_string()))?;
        text.push(b'\n');
        std::fs::write(path, &text)
            .map_err(|error| Failure::usage(format!("cannot write {}: {error}", path.display())))?;
        Ok(digest(&text))
    }

    /// Reads a file that has this digest.
    pub(super) fn load(path: &Path, expected: &str) -> Result<Self, Failure> {
        let text = std::fs::read(path)
            .map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))?;
        let found = digest(&text);
        if !found.eq_ignore_ascii_case(expected.trim()) {
            return Err(Failure::usage(format!(
                "{} is not the plan that was looked at: its digest is {found}",
                path.display()
            ))
            .with_hint("make a new plan with --plan-out, and look at it."));
        }
        let plan: Self = serde_json::from_slice(&text)
            .map_err(|error| Failure::usage(format!("{} is no plan: {error}", path.display())))?;
        if plan.version != VERSION {
            return Err(Failure::usage(format!(
                "{} is a plan of version {}, and this program carries out version {VERSION}",
                path.display(),
                plan.version
            )));
        }
        Ok(plan)
    }

    /// The accounts, in order.
    pub(super) fn accounts(&self) -> Vec<&str> {
        accounts(&self.steps)
    }

    /// For people.
    pub(super) fn show(&self) -> String {
        let mut text = String::new();
        for account in self.accounts() {
            let _ = writeln!(text, "Account {account}");
            for (number, step) in (1..).zip(self.steps.iter().filter(|step| step.account == account)) {
                let change = &step.change;
                let _ = writeln!(
                    text,
                    "  {number}. {} of {} in {} ({})",
                    change.call(),
                    change.object(),
                    step.region,
                    step.rules.join(", ")
                );
                let _ = writeln!(text, "     before: {}", short(&step.before));
                let _ = writeln!(text, "     after:  {}", short(&step.after));
                if let Some(note) = change.note() {
                    let _ = writeln!(text, "     note:   {note}");
                }
            }
            text.push('\n');
        }
        if !self.left.is_empty() {
            text.push_str("Not changed by this run\n");
            for left in &self.left {
                let _ = writeln!(text, "  {} {} {}: {}", left.rule, left.account, left.resource, left.reason);
            }
            text.push('\n');
        }
        let (steps, accounts) = (self.steps.len(), self.accounts().len());
        let _ = writeln!(
            text,
            "{steps} {} in {accounts} {}; {} {} not changed.",
            plural(steps, "step"),
            plural(accounts, "account"),
            self.left.len(),
            plural(self.left.len(), "failure"),
        );
        text
    }
}

/// The accounts of steps, each once, in order.
pub(super) fn accounts(steps: &[Step]) -> Vec<&str> {
    let mut accounts: Vec<&str> = Vec::new();
    for step in steps {
        if !accounts.contains(&step.account.as_str()) {
            accounts.push(&step.account);
        }
    }
    accounts
}

fn short(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "nothing".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn digest(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use baseline::{Resource, Severity};
    use remediator::Change;
    use serde_json::json;

    use super::*;

    fn step(account: &str, change: Change) -> Step {
        Step {
            account: account.to_owned(),
            region: "cn-hangzhou".to_owned(),
            rules: vec!["AT-04".to_owned()],
            change,
            before: json!(false),
            after: json!(true),
        }
    }

    fn start(account: &str) -> Step {
        step(account, Change::StartLogging { trail: "audit".to_owned() })
    }

    #[test]
    fn canaries_and_exposed_accounts_come_first_and_trails_last() {
        let public = Finding {
            rule: "OS-01",
            severity: Severity::Critical,
            verdict: Verdict::Fail,
            account: "2".to_owned(),
            account_name: None,
            region: None,
            resource: Resource::new("bucket", "b"),
            message: String::new(),
            remedy: None,
            action: None,
            exception: None,
            location: None,
        };
        let private = step("1", Change::MakePrivate { bucket: "b".to_owned() });
        let steps = vec![start("1"), private, start("2"), start("3")];
        let plan = Plan::new(steps, Vec::new(), &[public], Some("3"));
        assert_eq!(plan.accounts(), ["3", "2", "1"]);
        assert!(matches!(plan.steps[2].change, Change::MakePrivate { .. }));
    }

    #[test]
    fn a_plan_that_was_edited_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.json");
        let plan = Plan::new(vec![start("1")], Vec::new(), &[], None);
        let digest = plan.save(&path).unwrap();
        assert_eq!(Plan::load(&path, &digest).unwrap(), plan);
        let text = std::fs::read_to_string(&path).unwrap().replace("audit", "other");
        std::fs::write(&path, text).unwrap();
        let error = Plan::load(&path, &digest).unwrap_err();
        assert!(error.exit_code() == 64 && error.to_string().contains("not the plan"), "{error}");
    }
}
