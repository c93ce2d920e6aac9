//! The rules of `baseline` over what there will be. A plan says nothing about how a trail delivers, and nothing about what other
//! configurations declare: what a rule can only conclude from that is left out, unless the plan is to declare everything.

use std::collections::{BTreeMap, BTreeSet};

use baseline::facts::Trail;
use baseline::{Fact, Facts, Finding, OrganizationFacts, Selection, Verdict};

use crate::options::Options;
use crate::planned::Planned;

/// Rules about what happened, which no plan can tell.
const LIVE: [&str; 4] = ["AT-07", "AT-11", "SL-06", "SL-07"];

/// Why control policies are not known.
const NO_CONTROL_POLICIES: &str = "a plan does not show the control policies that hold for the account";

/// Why a part is not known that another configuration may declare.
fn not_in_plan<T>(what: &str) -> Fact<T> {
    Fact::Unknown(format!("{what} is not part of the plan"))
}

/// Judges what there will be.
pub(crate) fn judge(planned: &Planned, selection: &Selection, options: &Options) -> Vec<Finding> {
    let mut accounts: BTreeMap<&str, Vec<Trail>> = BTreeMap::new();
    for view in planned.trails.values() {
        accounts.entry(&view.trail.account).or_default().push(view.trail.clone());
    }
    if accounts.is_empty() && options.expect_baseline {
        let any = planned.buckets.values().map(|view| view.account.as_str());
        let any = any.chain(planned.projects.values().map(|view| view.account.as_str())).next();
        accounts.insert(any.unwrap_or("unknown"), Vec::new());
    }
    let mut findings = Vec::new();
    for (account, trails) in accounts {
        let facts = facts(planned, account, trails, options);
        let found = selection.judge_account(&facts).into_iter();
        findings.extend(found.filter(|finding| is_for_plan(finding, planned, options)));
    }
    findings.extend(orphans(planned, selection, options));
    if options.expect_baseline {
        findings.extend(organization(planned, selection));
    }
    for finding in &mut findings {
        locate(finding, planned, options);
    }
    findings
}

/// The accounts that findings are about.
pub(crate) fn accounts(findings: &[Finding]) -> BTreeSet<String> {
    findings.iter().map(|finding| finding.account.clone()).collect()
}

fn facts(planned: &Planned, account: &str, trails: Vec<Trail>, options: &Options) -> Facts {
    let mut buckets: BTreeMap<String, Fact<_>> =
        planned.buckets.iter().map(|(name, view)| (name.clone(), Fact::Known(view.bucket.clone()))).collect();
    let mut logstores: BTreeMap<String, Fact<_>> = BTreeMap::new();
    for (id, view) in &planned.logstores {
        let mut store = view.store.clone();
        store.index = match planned.indexes.get(id) {
            Some(index) => index.index(),
            None => not_in_plan("the index"),
        };
        logstores.insert(id.clone(), Fact::Known(store));
    }
    let mut alerts: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for view in planned.alerts.values() {
        alerts.entry(view.project.clone()).or_default().push(view.alert.clone());
    }
    for trail in &trails {
        if let Some(name) = trail.oss_bucket.known() {
            buckets.entry(name.clone()).or_insert_with(|| not_in_plan(&format!("bucket {name}")));
        }
        if let (Some(id), Some(project)) = (trail.logstore_id(), trail.project()) {
            logstores.entry(id.clone()).or_insert_with(|| not_in_plan(&format!("logstore {id}")));
            alerts.entry(project.to_owned()).or_default();
        }
    }
    Facts {
        account: account.to_owned(),
        account_name: None,
        observed_at: options.now,
        trails: Fact::Known(trails),
        buckets,
        // Where nothing declares it, every bucket is on its own.
        account_public_access_block: planned
            .blocks
            .get(account)
            .map_or(Fact::Absent, |block| block.blocked.clone()),
        logstores,
        alerts: alerts.into_iter().map(|(project, alerts)| (project, Fact::Known(alerts))).collect(),
        roles: planned.roles.iter().map(|(arn, view)| (arn.clone(), view.role.clone())).collect(),
        global_events_region: planned
            .storage_regions
            .get(account)
            .map_or_else(|| not_in_plan("the storage region of global events"), |view| view.region.clone()),
        control_policies: Fact::Unknown(NO_CONTROL_POLICIES.to_owned()),
        ..Facts::default()
    }
}

/// Whether a plan can conclude what a finding says.
fn is_for_plan(finding: &Finding, planned: &Planned, options: &Options) -> bool {
    if LIVE.contains(&finding.rule) {
        return false;
    }
    let is_unknown = finding.verdict == Verdict::Unknown;
    let is_account_id = finding.account.bytes().all(|byte| byte.is_ascii_digit());
    // Whom a role trusts is judged by the id of the account.
    if finding.rule == "AT-10" && finding.resource.kind == "role" && !is_account_id {
        return false;
    }
    if is_unknown && finding.message.contains(NO_CONTROL_POLICIES) {
        return false;
    }
    if options.expect_baseline {
        return true;
    }
    match finding.rule {
        "SL-04" | "SL-05" => finding.verdict == Verdict::Pass,
        _ => !(is_unknown && is_elsewhere(finding, planned)),
    }
}

/// Whether a finding is unknown since something is declared elsewhere, if at all.
fn is_elsewhere(finding: &Finding, planned: &Planned) -> bool {
    let id = &finding.resource.id;
    match finding.resource.kind.as_str() {
        "bucket" => planned.buckets.get(id).is_none_or(|view| view.r#type.is_none()),
        "logstore" => {
            !planned.logstores.contains_key(id)
                || (finding.rule == "SL-02" && !planned.indexes.contains_key(id))
        }
        "role" => !planned.roles.contains_key(&id.to_lowercase()),
        "account" => finding.rule == "AT-08" && !planned.storage_regions.contains_key(&finding.account),
        _ => false,
    }
}

/// Judges archives and logstores that a trail of another configuration delivers to: buckets of the provider that makes nothing
/// but archives, and logstores that have the name of a trail's.
fn orphans(planned: &Planned, selection: &Selection, options: &Options) -> Vec<Finding> {
    let delivered: BTreeSet<&str> = planned
        .trails
        .values()
        .filter_map(|view| view.trail.oss_bucket.known())
        .map(String::as_str)
        .collect();
    let logged: BTreeSet<&str> = planned
        .buckets
        .values()
        .filter_map(|view| view.bucket.log_bucket.known())
        .map(String::as_str)
        .collect();
    let fed: BTreeSet<String> = planned.trails.values().filter_map(|view| view.trail.logstore_id()).collect();
    let mut findings = Vec::new();
    let mut judge = |account: &str, trail: Trail, kind: &str| {
        let facts = facts(planned, account, vec![trail], options);
        let found = selection.judge_account(&facts).into_iter();
        findings.extend(
            found.filter(|finding| finding.resource.kind == kind && is_for_plan(finding, planned, options)),
        );
    };
    let covering = |account: &str, name: &str| Trail {
        name: name.to_owned(),
        account: account.to_owned(),
        trail_region: Fact::Known("All".to_owned()),
        event_rw: Fact::Known("All".to_owned()),
        status: Fact::Known("Enable".to_owned()),
        is_logging: Fact::Known(true),
        oss_bucket: Fact::Absent,
        oss_bucket_reachable: Fact::Absent,
        oss_key_prefix: Fact::Absent,
        sls_project_arn: Fact::Absent,
        logstore_reachable: Fact::Absent,
        ..Trail::default()
    };
    for (name, view) in &planned.buckets {
        let is_archive = view.r#type.as_deref() == Some("alitrail_oss_bucket");
        if !is_archive || delivered.contains(name.as_str()) || logged.contains(name.as_str()) {
            continue;
        }
        let trail = Trail { oss_bucket: Fact::Known(name.clone()), ..covering(&view.account, "elsewhere") };
        judge(&view.account, trail, "bucket");
    }
    for (id, view) in &planned.logstores {
        let Some(trail) = view.store.name.strip_prefix(reconciler::sls::STORE_OF_TRAIL) else { continue };
        if fed.contains(id) {
            continue;
        }
        let arn = format!(
            "acs:log:{}:{}:project/{}",
            view.store.region.as_deref().unwrap_or(""),
            view.account,
            view.store.project
        );
        let trail = Trail { sls_project_arn: Fact::Known(arn), ..covering(&view.account, trail) };
        judge(&view.account, trail, "logstore");
    }
    findings
}

/// What the plan says of the organization: its trails.
fn organization(planned: &Planned, selection: &Selection) -> Vec<Finding> {
    let trails: Vec<Trail> = planned.trails.values().map(|view| view.trail.clone()).collect();
    let account = trails.first().map(|trail| trail.account.clone()).unwrap_or_default();
    let facts = OrganizationFacts {
        id: "organization".to_owned(),
        management_account: account,
        members: Fact::Unknown("a plan does not show the accounts of the organization".to_owned()),
        trails: Fact::Known(trails),
        delegated_administrators: Fact::Unknown("a plan does not show delegated administrators".to_owned()),
        control_policies: Fact::Unknown(NO_CONTROL_POLICIES.to_owned()),
        ..OrganizationFacts::default()
    };
    selection.judge_organization(&facts)
}

/// Says which resource a finding is about.
fn locate(finding: &mut Finding, planned: &Planned, options: &Options) {
    let setting = match finding.rule {
        "OS-02" => "policy",
        "OS-03" => "logging",
        "OS-04" => "server_side_encryption",
        "OS-05" => "versioning",
        "OS-06" | "OS-07" => "lifecycle",
        "OS-08" => "worm",
        _ => "",
    };
    let bucket = planned.buckets.get(&finding.resource.id).filter(|_| finding.resource.kind == "bucket");
    let own = bucket.and_then(|view| view.settings.get(setting));
    let role =
        planned.roles.get(&finding.resource.id.to_lowercase()).filter(|_| finding.resource.kind == "role");
    if let Some(address) = own {
        finding.location = Some(baseline::Location {
            file: options.file.clone(),
            line: None,
            address: Some(address.clone()),
        });
    } else if let Some(role) = role {
        finding.location = Some(role.location.clone());
    }
    let location = finding.location.get_or_insert_with(|| baseline::Location {
        file: options.file.clone(),
        ..baseline::Location::default()
    });
    if let Some(address) = &location.address {
        finding.message = format!("{address}: {}", finding.message);
        if finding.verdict == Verdict::Fail
            && let Some(advice) = crate::advice::advice(finding.rule, address)
        {
            finding.remedy = Some(advice.to_owned());
        }
    }
}
