//! Accounts of the mock cloud, looked at and judged.

use std::collections::BTreeMap;

use alibaba::actiontrail::TrailSettings;
use alibaba::endpoint::Endpoints;
use alibaba::oss::{Encryption, Expiration, LifecycleRule, NewBucket};
use alibaba::sls::{LogstoreSettings, NewProject};
use alibaba::sts::AssumeRole;
use alibaba::{Client, Config, credentials::Credentials};
use mock_cloud::{Handle, MockCloud, Options as MockOptions};
use serde_json::json;

use super::*;

const REGION: &str = "cn-hangzhou";
const MEMBER: &str = "1000000000000002";
const OTHER: &str = "1000000000000003";

async fn cloud(members: u32) -> Handle {
    MockCloud::start(MockOptions { members, ..MockOptions::default() }).await.unwrap()
}

fn client(cloud: &Handle, keys: Credentials) -> Client {
    let endpoints = Endpoints { endpoint_url: Some(cloud.endpoint_url()), ..Endpoints::default() };
    Client::new(Config { endpoints, max_retries: 0, region: Some(REGION.into()), ..Config::new(keys) })
        .unwrap()
}

fn management(cloud: &Handle) -> Client {
    client(cloud, Credentials::new(cloud.access_key(), cloud.secret_key()))
}

/// A client in a member account that may do everything but this.
async fn member_without(cloud: &Handle, account: &str, denied: &[&str]) -> Client {
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let deny = json!({"Effect": "Deny", "Action": denied, "Resource": "*"});
    let statements = if denied.is_empty() { vec![allow] } else { vec![allow, deny] };
    let role = AssumeRole {
        role_arn: format!("acs:ram::{account}:role/ResourceDirectoryAccountAccessRole"),
        role_session_name: "audit".into(),
        policy: Some(json!({"Version": "1", "Statement": statements}).to_string()),
        ..AssumeRole::default()
    };
    let assumed = management(cloud).sts(None).assume_role(&role).await.unwrap();
    client(cloud, assumed.credentials)
}

async fn member(cloud: &Handle, account: &str) -> Client {
    member_without(cloud, account, &[]).await
}

fn trail(bucket: &str, account: &str) -> TrailSettings {
    TrailSettings {
        name: "audit-trail".into(),
        oss_bucket_name: Some(bucket.into()),
        sls_project_arn: Some(format!("acs:log:{REGION}:{account}:project/audit-{account}")),
        event_rw: "All".into(),
        trail_region: "All".into(),
        ..TrailSettings::default()
    }
}

/// Everything that the baseline asks of a member account, as far as the clients can make it.
async fn build(client: &Client, account: &str) -> String {
    let bucket = format!("archive-{account}");
    let oss = client.oss(REGION);
    for name in [bucket.clone(), format!("access-{account}")] {
        let encryption = Encryption {
            sse_algorithm: "KMS".into(),
            kms_master_key_id: Some("key-1".into()),
            ..Encryption::default()
        };
        let bucket = NewBucket {
            bucket: name.clone(),
            acl: Some("private".into()),
            server_side_encryption: Some(encryption),
            ..NewBucket::default()
        };
        oss.put_bucket(&bucket).await.unwrap();
    }
    oss.put_bucket_public_access_block(&bucket, true).await.unwrap();
    oss.put_bucket_versioning(&bucket, "Enabled").await.unwrap();
    let logging = alibaba::oss::BucketLogging {
        target_bucket: format!("access-{account}"),
        target_prefix: None,
        logging_role: None,
    };
    oss.put_bucket_logging(&bucket, &logging).await.unwrap();
    oss.put_bucket_lifecycle(&bucket, &[expiry(730)], false).await.unwrap();
    oss.put_bucket_policy(&bucket, &policy(&bucket)).await.unwrap();
    client.resource_manager().create_service_linked_role("actiontrail.aliyuncs.com").await.unwrap();
    let sls = client.sls(REGION);
    for name in [format!("audit-{account}"), format!("sls-alert-{account}-{REGION}")] {
        sls.create_project(&NewProject { project_name: name, ..NewProject::default() }).await.unwrap();
    }
    let service = client.actiontrail(REGION);
    service.create_trail(&trail(&bucket, account), false).await.unwrap();
    service.start_logging("audit-trail").await.unwrap();
    let alert = json!({
        "name": "everything", "displayName": "Everything",
        "schedule": {"type": "FixedRate", "interval": "15m"},
        "configuration": {
            "version": "2.0", "type": "default", "dashboard": "internal-alert-analysis", "threshold": 1,
            "severityConfigurations": [{"severity": 8, "evalCondition": {"condition": "", "countCondition": ""}}],
            "queryList": [{
                "query": "* | select count(1) as cnt", "storeType": "log", "project": format!("audit-{account}"),
                "store": "actiontrail_audit-trail", "region": REGION, "timeSpanType": "Truncated", "start": "-15m",
                "end": "absolute",
            }],
        },
    });
    sls.create_alert(&format!("audit-{account}"), "everything", &alert).await.unwrap();
    bucket
}

fn expiry(days: i64) -> LifecycleRule {
    LifecycleRule {
        id: "archive".into(),
        prefix: "AliyunLogs/".into(),
        status: "Enabled".into(),
        expiration: Some(Expiration { days: Some(days), ..Expiration::default() }),
        abort_multipart_upload: Some(alibaba::oss::AbortMultipartUpload {
            days: Some(7),
            created_before_date: None,
        }),
        ..LifecycleRule::default()
    }
}

fn policy(bucket: &str) -> String {
    let resources = [format!("acs:oss:*:*:{bucket}"), format!("acs:oss:*:*:{bucket}/*")];
    json!({"Version": "1", "Statement": [
        {"Effect": "Deny", "Principal": ["*"], "Action": ["oss:*"], "Resource": resources,
         "Condition": {"Bool": {"acs:SecureTransport": ["false"]}}},
        {"Effect": "Deny", "Principal": ["*"], "Action": ["oss:Delete*"], "Resource": resources,
         "Condition": {"StringNotLike": {"acs:PrincipalARN": ["acs:ram:*:*:role/break-glass"]}}},
    ]})
    .to_string()
}

/// The rules that do not pass in an account, with what they find of it.
async fn faults(client: &Client, account: &str) -> BTreeMap<&'static str, Vec<Finding>> {
    let facts = collect::account(client, account, None, &collect::Options::default()).await;
    let mut faults: BTreeMap<&'static str, Vec<Finding>> = BTreeMap::new();
    for finding in Selection::new(Profile::Baseline).judge_account(&facts) {
        if finding.verdict != Verdict::Pass {
            faults.entry(finding.rule).or_default().push(finding);
        }
    }
    faults
}

fn of(faults: &BTreeMap<&'static str, Vec<Finding>>, verdict: Verdict) -> Vec<&'static str> {
    let all = |findings: &Vec<Finding>| findings.iter().any(|finding| finding.verdict == verdict);
    faults.iter().filter(|(_, findings)| all(findings)).map(|(rule, _)| *rule).collect()
}

/// What no client can set up: insights, a lock on the archive, and encryption of the logstore that the service makes.
const LEFT: [&str; 3] = ["AT-11", "OS-08", "SL-03"];

#[test]
fn a_selection_is_narrowed_by_patterns_and_severity() {
    let narrowed = |only: &[&str], except: &[&str], least| {
        let texts =
            |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>();
        let mut selection = Selection::new(Profile::Baseline);
        selection.parameters.severities.insert("AT-06".into(), Severity::Low);
        selection.narrow(&texts(only), &texts(except), least)?;
        Ok::<_, UnknownRule>(selection.rules.iter().map(|rule| rule.id).collect::<Vec<_>>())
    };
    assert_eq!(narrowed(&["or-*"], &["OR-02"], None).unwrap(), ["OR-01", "OR-03"]);
    let severe = narrowed(&["AT-*"], &[], Some(Severity::High)).unwrap();
    assert_eq!(severe, ["AT-01", "AT-02", "AT-03", "AT-04", "AT-05", "AT-07"]);
    assert_eq!(narrowed(&["AT-99"], &[], None), Err(UnknownRule("AT-99".into())));
    assert_eq!(narrowed(&[], &["ZZ-*"], None), Err(UnknownRule("ZZ-*".into())));
    let mut selection = Selection::new(Profile::Baseline);
    selection.narrow(&["SL-04".to_owned()], &[], None).unwrap();
    let expected = [
        "actiontrail:DescribeRegions",
        "actiontrail:DescribeTrails",
        "actiontrail:GetTrailStatus",
        "log:ListJobs",
    ];
    assert_eq!(selection.actions(), BTreeSet::from(expected));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_what_is_broken_is_found() {
    let cloud = cloud(1).await;
    let client = member(&cloud, MEMBER).await;
    let bucket = build(&client, MEMBER).await;
    let before = faults(&client, MEMBER).await;
    assert_eq!(of(&before, Verdict::Fail), LEFT, "{before:#?}");
    // The trail was started a moment ago.
    assert_eq!(of(&before, Verdict::Unknown), ["AT-07"], "{before:#?}");
    assert!(of(&before, Verdict::CouldNotLook).is_empty(), "{before:#?}");

    // Ten minutes later, the first deliveries have come.
    cloud.with_cloud(|cloud| cloud.clock.offset_seconds = 600);
    assert!(!faults(&client, MEMBER).await.contains_key("AT-07"));

    let oss = client.oss(REGION);
    oss.put_bucket_lifecycle(&bucket, &[expiry(30)], false).await.unwrap();
    oss.put_bucket_versioning(&bucket, "Suspended").await.unwrap();
    oss.put_bucket_policy(&bucket, &policy(&bucket).replace("\"Bool\"", "\"StringEquals\"")).await.unwrap();
    let sls = client.sls(REGION);
    let project = format!("audit-{MEMBER}");
    let short =
        LogstoreSettings { logstore_name: "actiontrail_audit-trail".into(), ttl: 90, ..Default::default() };
    sls.update_logstore(&project, &short).await.unwrap();
    sls.switch_alert(&project, "everything", false).await.unwrap();
    let after = faults(&client, MEMBER).await;
    let expected = ["AT-11", "OS-02", "OS-05", "OS-06", "OS-08", "SL-01", "SL-03", "SL-04", "SL-05"];
    assert_eq!(of(&after, Verdict::Fail), expected, "{after:#?}");

    let service = client.actiontrail(REGION);
    service.stop_logging("audit-trail").await.unwrap();
    let narrow =
        TrailSettings { event_rw: "Write".into(), trail_region: REGION.into(), ..trail(&bucket, MEMBER) };
    service.update_trail(&narrow).await.unwrap();
    let after = faults(&client, MEMBER).await;
    let more: Vec<&str> =
        of(&after, Verdict::Fail).into_iter().filter(|rule| !expected.contains(rule)).collect();
    assert_eq!(more, ["AT-01", "AT-02", "AT-03", "AT-04"], "{after:#?}");
    cloud.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trail_at_home_in_another_region_is_found() {
    let cloud = cloud(1).await;
    let client = member(&cloud, MEMBER).await;
    build(&client, MEMBER).await;
    let narrow = TrailSettings {
        name: "narrow-trail".into(),
        oss_bucket_name: None,
        trail_region: "cn-beijing".into(),
        ..trail("", MEMBER)
    };
    client.actiontrail("cn-beijing").create_trail(&narrow, false).await.unwrap();
    let facts = collect::account(&client, MEMBER, None, &collect::Options::default()).await;
    let names: Vec<&str> = facts.trails.known().unwrap().iter().map(|trail| trail.name.as_str()).collect();
    assert_eq!(names, ["audit-trail", "narrow-trail"]);
    assert_eq!(of(&faults(&client, MEMBER).await, Verdict::Fail), LEFT, "it is deliberately narrow");
    cloud.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_call_names_its_action_and_stops_nothing_else() {
    let cloud = cloud(1).await;
    let all = member(&cloud, MEMBER).await;
    build(&all, MEMBER).await;
    let before = faults(&all, MEMBER).await;
    for (action, rules) in [
        ("actiontrail:GetTrailStatus", &["AT-01", "AT-04", "AT-05", "AT-06", "AT-07"][..]),
        ("actiontrail:GetInsightSelectors", &["AT-11"]),
        ("actiontrail:GetGlobalEventsStorageRegion", &["AT-08"]),
        ("oss:GetBucketInfo", &["OS-01", "OS-03", "OS-04", "OS-05"]),
        ("oss:GetBucketPolicy", &["OS-01", "OS-02", "OS-09"]),
        ("oss:GetBucketLifecycle", &["OS-06", "OS-07"]),
        ("oss:GetBucketWorm", &["OS-08"]),
        ("log:GetLogStore", &["SL-01", "SL-02", "SL-03", "SL-06"]),
        ("log:GetIndex", &["SL-02"]),
        ("log:ListJobs", &["SL-04", "SL-05"]),
        // The project of the alert centre is looked for in another way too, which does not find it.
        ("log:ListProject", &["SL-07"]),
    ] {
        let client = member_without(&cloud, MEMBER, &[action]).await;
        let after = faults(&client, MEMBER).await;
        assert_eq!(of(&after, Verdict::CouldNotLook), rules, "{action}: {after:#?}");
        for rule in rules {
            assert!(crate::rule(rule).unwrap().actions.contains(&action), "{rule} declares {action}");
        }
        let named = |finding: &&Finding| finding.verdict == Verdict::CouldNotLook;
        for finding in after.values().flatten().filter(named) {
            assert_eq!(finding.action.as_deref(), Some(action), "{finding:?}");
        }
        let others = |faults: &BTreeMap<&'static str, Vec<Finding>>| -> Vec<&'static str> {
            of(faults, Verdict::Fail).into_iter().filter(|rule| !rules.contains(rule)).collect()
        };
        assert_eq!(others(&after), others(&before), "{action}");
    }
    let client = member_without(&cloud, MEMBER, &["actiontrail:DescribeTrails"]).await;
    let after = faults(&client, MEMBER).await;
    assert_eq!(after["AT-01"][0].action.as_deref(), Some("actiontrail:DescribeTrails"));
    assert!(of(&after, Verdict::Fail).is_empty(), "{after:#?}");
    cloud.shutdown().await;
}

/// Looks at the management account, two members, and an account that nobody can get into.
async fn of_organization(cloud: &Handle, selection: &Selection, cancel: CancellationToken) -> Report {
    let client = management(cloud);
    let account = cloud.account_id();
    let organization = collect::organization(&client, &account, &collect::Options::default()).await.unwrap();
    let target = |account: &str| Target { account: account.to_owned(), name: None };
    let targets = [account.as_str(), MEMBER, OTHER, "9999999999999999"].map(target).to_vec();
    let connect = |target: Target| async move {
        match target.account.as_str() {
            MEMBER | OTHER => Ok(member(cloud, &target.account).await),
            "9999999999999999" => Err("sts:AssumeRole was refused".to_owned()),
            _ => Ok(management(cloud)),
        }
    };
    let options = Options { concurrency: 4, collect: collect::Options::default(), cancel };
    let mut done = 0;
    let report = audit(targets, connect, Some(organization), selection, &options, |_| done += 1).await;
    assert_eq!(done, if report.interrupted { 0 } else { 4 });
    report
}

fn find<'r>(report: &'r Report, rule: &str, account: &str) -> &'r Finding {
    let found = report.findings.iter().find(|finding| finding.rule == rule && finding.account == account);
    found.unwrap_or_else(|| panic!("{rule} of {account} in {:#?}", report.findings))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_is_covered_by_its_trail_or_account_by_account() {
    let cloud = cloud(2).await;
    let selection = Selection::new(Profile::Baseline);
    let owner = cloud.account_id();
    let first = of_organization(&cloud, &selection, CancellationToken::new()).await;
    assert_eq!((first.accounts_looked_at, first.accounts_not_looked_at.len()), (3, 1));
    for account in [owner.as_str(), MEMBER, OTHER] {
        assert_eq!(find(&first, "AT-01", account).verdict, Verdict::Fail);
        assert_eq!(find(&first, "OR-01", account).verdict, Verdict::Fail);
    }
    assert_eq!(find(&first, "OR-02", &owner).message, "Control policies are switched off.");

    let client = management(&cloud);
    client
        .oss(REGION)
        .put_bucket(&NewBucket { bucket: "everyone-archive".into(), ..Default::default() })
        .await
        .unwrap();
    client.resource_manager().create_service_linked_role("actiontrail.aliyuncs.com").await.unwrap();
    let settings =
        TrailSettings { name: "everyone".into(), sls_project_arn: None, ..trail("everyone-archive", &owner) };
    client.actiontrail(REGION).create_trail(&settings, true).await.unwrap();
    client.actiontrail(REGION).start_logging("everyone").await.unwrap();
    let second = of_organization(&cloud, &selection, CancellationToken::new()).await;
    let by = format!("acs:actiontrail:{REGION}:{owner}:trail/everyone");
    for account in [MEMBER, OTHER] {
        let finding = find(&second, "AT-01", account);
        assert!(finding.verdict == Verdict::Pass && finding.message.contains(&by), "{finding:?}");
    }
    assert_eq!(find(&second, "AT-01", &owner).verdict, Verdict::Pass);
    assert_eq!(find(&second, "OR-01", &owner).verdict, Verdict::Pass);

    client.actiontrail(REGION).stop_logging("everyone").await.unwrap();
    let third = of_organization(&cloud, &selection, CancellationToken::new()).await;
    assert_eq!(find(&third, "AT-01", MEMBER).verdict, Verdict::Fail);
    let text = format!(
        "[[exception]]\nid = \"m\"\naccounts = [\"{MEMBER}\"]\nrules = [\"AT-01\", \"OR-01\"]\nowner = \"o\"\nreason = \"r\"\nexpires = "
    );
    let date = |days| (OffsetDateTime::now_utc() + time::Duration::days(days)).date();
    for (days, excused) in [(30, Verdict::Excepted), (-1, Verdict::Fail)] {
        let exceptions = Exceptions::parse("e.toml", &format!("{text}{}\n", date(days))).unwrap();
        let selection = Selection { exceptions, ..selection.clone() };
        let report = of_organization(&cloud, &selection, CancellationToken::new()).await;
        assert_eq!(find(&report, "AT-01", MEMBER).verdict, excused);
        assert_eq!(find(&report, "OR-01", MEMBER).verdict, excused);
        assert_eq!(find(&report, "AT-01", OTHER).verdict, Verdict::Fail);
        let expected = if days > 0 { Verdict::Pass } else { Verdict::Fail };
        assert_eq!(find(&report, "EX-01", "*").verdict, expected);
    }
    cloud.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_trail_delivers_to_in_another_account_is_looked_at_there() {
    let cloud = cloud(2).await;
    let (owner, archive) = (cloud.account_id(), member(&cloud, OTHER).await);
    archive
        .oss(REGION)
        .put_bucket(&NewBucket { bucket: "log-archive".into(), ..Default::default() })
        .await
        .unwrap();
    let project = NewProject { project_name: "log-archive".into(), ..NewProject::default() };
    archive.sls(REGION).create_project(&project).await.unwrap();
    let project_arn = format!("acs:log:{REGION}:{OTHER}:project/log-archive");
    let grants = reconciler::delivery_role::policy::Grants {
        bucket: Some("log-archive".into()),
        project_arn: Some(project_arn.clone()),
        key_arn: None,
    };
    let ram = archive.ram();
    let trust = reconciler::delivery_role::policy::trust(&owner);
    let role = ram.create_role("delivery", &trust, "").await.unwrap();
    ram.create_policy("delivery", &grants.document(), "").await.unwrap();
    ram.attach_policy_to_role("delivery", &alibaba::ram::AttachedPolicy::custom("delivery")).await.unwrap();
    let settings = TrailSettings {
        name: "everyone".into(),
        sls_project_arn: Some(project_arn),
        oss_write_role_arn: Some(role.arn.clone()),
        sls_write_role_arn: Some(role.arn.clone()),
        ..trail("log-archive", &owner)
    };
    let service = management(&cloud).actiontrail(REGION);
    service.create_trail(&settings, true).await.unwrap();
    service.start_logging("everyone").await.unwrap();

    let selection = Selection::new(Profile::Baseline);
    let report = of_organization(&cloud, &selection, CancellationToken::new()).await;
    let of_owner = |rule: &str| find(&report, rule, &owner);
    assert_eq!(of_owner("AT-10").verdict, Verdict::Pass, "{:#?}", of_owner("AT-10"));
    // Found in the other account, where the user of the first may not read.
    assert_eq!(of_owner("OS-05").message, "Bucket log-archive keeps no versions.");
    assert_eq!(of_owner("SL-01").verdict, Verdict::Pass, "{:#?}", of_owner("SL-01"));
    assert_eq!(of_owner("SL-05").verdict, Verdict::Fail);
    // Alone, the first account cannot say.
    let alone = faults(&management(&cloud), &owner).await;
    assert_eq!(alone["SL-01"][0].verdict, Verdict::CouldNotLook, "{alone:#?}");
    assert_eq!(alone["AT-10"][0].verdict, Verdict::Unknown, "{alone:#?}");
    cloud.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_audit_says_what_is_missing() {
    let cloud = cloud(2).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let report = of_organization(&cloud, &Selection::new(Profile::Baseline), cancel).await;
    assert!(report.interrupted && report.findings.is_empty(), "{report:#?}");
    assert_eq!((report.accounts_looked_at, report.accounts_not_looked_at.len()), (0, 4));
    cloud.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_read_the_directory_is_told() {
    let cloud = cloud(1).await;
    let client = member(&cloud, MEMBER).await;
    let facts = collect::organization(&client, MEMBER, &collect::Options::default()).await.unwrap();
    // A member may read the directory, and not what is in it.
    assert!(matches!(facts.members, Fact::CouldNotLook { .. }), "{facts:#?}");
    let denied = member_without(&cloud, MEMBER, &["resourcemanager:GetResourceDirectory"]).await;
    let alone = collect::account(&client, MEMBER, None, &collect::Options::default()).await;
    assert!(matches!(alone.control_policies, Fact::Unknown(_)), "only its management account can read them");
    let owner = cloud.account_id();
    let alone = collect::account(&management(&cloud), &owner, None, &collect::Options::default()).await;
    assert_eq!(alone.control_policies, Fact::Absent, "none hold for it");
    let error = collect::organization(&denied, MEMBER, &collect::Options::default()).await.unwrap_err();
    assert_eq!(error.action.as_deref(), Some("resourcemanager:GetResourceDirectory"));
    cloud.shutdown().await;
}
