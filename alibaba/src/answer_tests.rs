//! Every read of every service with answers that are none, and long answers that nobody waits for any more.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};

use super::*;
use crate::Client;
use crate::endpoint::Service;
use crate::transport::tests::{Server, Step, good};

type Reading = Pin<Box<dyn Future<Output = Result<String, Error>> + Send>>;

/// A call that reads.
struct Read {
    /// Module and function.
    name: &'static str,
    /// The API action, which errors name.
    action: &'static str,
    /// An answer that is one.
    answer: &'static str,
    /// What the answer says about which object it is, if it does.
    about: Option<&'static str>,
    call: fn(Client) -> Reading,
}

/// Makes the entry of a call.
macro_rules! read {
    ($name:literal, $action:literal, $about:expr, $answer:expr, |$client:ident| $call:expr) => {
        Read {
            name: $name,
            action: $action,
            answer: $answer,
            about: $about,
            call: |$client: Client| {
                Box::pin(async move {
                    let read = $call;
                    read.map(|read| format!("{read:?}"))
                }) as Reading
            },
        }
    };
}

const REGION: &str = "cn-hangzhou";

fn actiontrail() -> Vec<Read> {
    let trails = r#"{"RequestId":"R","TrailList":[{"Name":"audit-trail","HomeRegion":"cn-hangzhou","Status":"Enable"}]}"#;
    vec![
        read!("actiontrail::describe_trails", "DescribeTrails", None, trails, |client| {
            client.actiontrail(REGION).describe_trails(Default::default()).await
        }),
        read!("actiontrail::described_trails", "DescribeTrails", None, trails, |client| {
            client.actiontrail(REGION).described_trails(Default::default(), std::time::Duration::ZERO).await
        }),
        read!(
            "actiontrail::get_trail_status",
            "GetTrailStatus",
            None,
            r#"{"RequestId":"R","IsLogging":false}"#,
            |client| { client.actiontrail(REGION).get_trail_status("audit-trail", false).await }
        ),
        read!(
            "actiontrail::describe_regions",
            "DescribeRegions",
            None,
            r#"{"RequestId":"R","Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#,
            |client| { client.actiontrail(REGION).describe_regions().await }
        ),
        read!(
            "actiontrail::lookup_events",
            "LookupEvents",
            None,
            r#"{"RequestId":"R","Events":[]}"#,
            |client| { client.actiontrail(REGION).lookup_events(&Default::default(), 10).await }
        ),
        read!(
            "actiontrail::get_global_events_storage_region",
            "GetGlobalEventsStorageRegion",
            None,
            r#"{"RequestId":"R","StorageRegion":"cn-hangzhou"}"#,
            |client| { client.actiontrail(REGION).get_global_events_storage_region().await }
        ),
        read!(
            "actiontrail::get_delivery_history_job",
            "GetDeliveryHistoryJob",
            Some("16602"),
            r#"{"RequestId":"R","JobId":16602,"TrailName":"audit-trail","JobStatus":2}"#,
            |client| { client.actiontrail(REGION).get_delivery_history_job("16602").await }
        ),
        read!(
            "actiontrail::list_delivery_history_jobs",
            "ListDeliveryHistoryJobs",
            None,
            r#"{"RequestId":"R","DeliveryHistoryJobs":[],"TotalCount":0}"#,
            |client| { client.actiontrail(REGION).list_delivery_history_jobs().await }
        ),
        read!(
            "actiontrail::get_data_event_selector",
            "GetDataEventSelector",
            Some("trail/audit-trail"),
            r#"{"RequestId":"R","TrailArn":"acs:actiontrail:cn-hangzhou:1:trail/audit-trail","DataEventSelectors":""}"#,
            |client| { client.actiontrail(REGION).get_data_event_selector("audit-trail").await }
        ),
    ]
}

fn accounts() -> Vec<Read> {
    let role = r#"{"RequestId":"R","Role":{"RoleName":"audit-role","Arn":"acs:ram::1:role/x","AssumeRolePolicyDocument":"{}"}}"#;
    vec![
        read!("ram::get_role", "GetRole", Some("audit-role"), role, |client| {
            client.ram().get_role("Audit-Role").await
        }),
        read!("resource_manager::get_role", "GetRole", Some("audit-role"), role, |client| {
            client.resource_manager().get_role("audit-role").await
        }),
        read!(
            "ram::list_policies_for_role",
            "ListPoliciesForRole",
            None,
            r#"{"RequestId":"R","Policies":{"Policy":[]}}"#,
            |client| { client.ram().list_policies_for_role("audit-role").await }
        ),
        read!(
            "ram::get_policy_document",
            "GetPolicy",
            Some("audit-policy"),
            r#"{"Policy":{"PolicyName":"audit-policy"},"DefaultPolicyVersion":{"PolicyDocument":"{}"}}"#,
            |client| { client.ram().get_policy_document("audit-policy").await }
        ),
        read!(
            "resource_manager::get_resource_directory",
            "GetResourceDirectory",
            None,
            r#"{"ResourceDirectory":{"ResourceDirectoryId":"rd-1","RootFolderId":"r-1","MasterAccountId":"1"}}"#,
            |client| { client.resource_manager().get_resource_directory().await }
        ),
        read!(
            "resource_manager::list_accounts",
            "ListAccounts",
            None,
            r#"{"TotalCount":0,"Accounts":{"Account":[]}}"#,
            |client| { client.resource_manager().list_accounts().await }
        ),
        read!(
            "resource_manager::get_folder",
            "GetFolder",
            Some("fd-team"),
            r#"{"Folder":{"FolderId":"fd-team","FolderName":"team"}}"#,
            |client| { client.resource_manager().get_folder("fd-team").await }
        ),
        read!(
            "sts::get_caller_identity",
            "GetCallerIdentity",
            None,
            r#"{"RequestId":"R","AccountId":"1234567890123456"}"#,
            |client| { client.sts(None).get_caller_identity().await }
        ),
        read!(
            "sts::assume_role",
            "AssumeRole",
            None,
            r#"{"Credentials":{"AccessKeyId":"STS.x","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-01-02T04:04:05Z"}}"#,
            |client| { client.sts(None).assume_role(&Default::default()).await }
        ),
    ]
}

fn oss() -> Vec<Read> {
    let block = "<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>";
    vec![
        read!(
            "oss::get_bucket_info",
            "GetBucketInfo",
            Some("audit-logs"),
            "<BucketInfo><Bucket><Name>audit-logs</Name><Owner><ID>1</ID></Owner><AccessControlList><Grant>private</Grant>\
             </AccessControlList></Bucket></BucketInfo>",
            |client| { client.oss(REGION).get_bucket_info("audit-logs").await }
        ),
        read!(
            "oss::list_buckets",
            "ListBuckets",
            None,
            "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
            |client| { client.oss(REGION).list_buckets("", None).await }
        ),
        read!(
            "oss::get_bucket_acl",
            "GetBucketAcl",
            None,
            "<AccessControlPolicy><AccessControlList><Grant>private</Grant></AccessControlList></AccessControlPolicy>",
            |client| { client.oss(REGION).get_bucket_acl("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_versioning",
            "GetBucketVersioning",
            None,
            "<VersioningConfiguration/>",
            |client| { client.oss(REGION).get_bucket_versioning("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_encryption",
            "GetBucketEncryption",
            None,
            "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
             </ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>",
            |client| { client.oss(REGION).get_bucket_encryption("audit-logs").await }
        ),
        read!("oss::get_bucket_public_access_block", "GetBucketPublicAccessBlock", None, block, |client| {
            client.oss(REGION).get_bucket_public_access_block("audit-logs").await
        }),
        read!("oss::get_public_access_block", "GetPublicAccessBlock", None, block, |client| {
            client.oss(REGION).get_public_access_block().await
        }),
        read!("oss::get_bucket_tags", "GetBucketTags", None, "<Tagging><TagSet/></Tagging>", |client| {
            client.oss(REGION).get_bucket_tags("audit-logs").await
        }),
        read!(
            "oss::get_bucket_https_config",
            "GetBucketHttpsConfig",
            None,
            "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>",
            |client| { client.oss(REGION).get_bucket_https_config("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_access_monitor",
            "GetBucketAccessMonitor",
            None,
            "<AccessMonitorConfiguration><Status>Disabled</Status></AccessMonitorConfiguration>",
            |client| { client.oss(REGION).get_bucket_access_monitor("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_resource_group",
            "GetBucketResourceGroup",
            None,
            "<BucketResourceGroupConfiguration><ResourceGroupId>rg-1</ResourceGroupId></BucketResourceGroupConfiguration>",
            |client| { client.oss(REGION).get_bucket_resource_group("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_lifecycle",
            "GetBucketLifecycle",
            None,
            "<LifecycleConfiguration><Rule><ID>r</ID><Prefix/><Status>Enabled</Status></Rule></LifecycleConfiguration>",
            |client| { client.oss(REGION).get_bucket_lifecycle("audit-logs").await }
        ),
        read!("oss::get_bucket_logging", "GetBucketLogging", None, "<BucketLoggingStatus/>", |client| {
            client.oss(REGION).get_bucket_logging("audit-logs").await
        }),
        read!(
            "oss::get_bucket_policy",
            "GetBucketPolicy",
            None,
            r#"{"Version":"1","Statement":[]}"#,
            |client| { client.oss(REGION).get_bucket_policy("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_worm",
            "GetBucketWorm",
            None,
            "<WormConfiguration><WormId>A</WormId><State>Locked</State><RetentionPeriodInDays>1</RetentionPeriodInDays>\
             </WormConfiguration>",
            |client| { client.oss(REGION).get_bucket_worm("audit-logs").await }
        ),
        read!(
            "oss::get_bucket_redundancy_transition",
            "GetBucketDataRedundancyTransition",
            Some("task-1"),
            "<BucketDataRedundancyTransition><TaskId>task-1</TaskId></BucketDataRedundancyTransition>",
            |client| { client.oss(REGION).get_bucket_redundancy_transition("audit-logs", "task-1").await }
        ),
        read!(
            "oss::list_bucket_redundancy_transitions",
            "ListBucketDataRedundancyTransition",
            None,
            "<ListBucketDataRedundancyTransition/>",
            |client| { client.oss(REGION).list_bucket_redundancy_transitions("audit-logs").await }
        ),
        read!(
            "oss::list_object_versions",
            "ListObjectVersions",
            Some("audit-logs"),
            "<ListVersionsResult><Name>audit-logs</Name><IsTruncated>false</IsTruncated></ListVersionsResult>",
            |client| { client.oss(REGION).list_object_versions("audit-logs", "", None).await }
        ),
        read!(
            "oss::list_multipart_uploads",
            "ListMultipartUploads",
            Some("audit-logs"),
            "<ListMultipartUploadsResult><Bucket>audit-logs</Bucket><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>",
            |client| { client.oss(REGION).list_multipart_uploads("audit-logs", None).await }
        ),
    ]
}

fn sls() -> Vec<Read> {
    vec![
        read!(
            "sls::get_project",
            "GetProject",
            Some("audit-prj"),
            r#"{"projectName":"audit-prj"}"#,
            |client| { client.sls(REGION).get_project("audit-prj").await }
        ),
        read!(
            "sls::list_projects",
            "ListProject",
            None,
            r#"{"count":0,"total":0,"projects":[]}"#,
            |client| { client.sls(REGION).list_projects("audit").await }
        ),
        read!(
            "sls::list_tags",
            "ListTagResources",
            Some("audit-prj"),
            r#"{"nextToken":"","tagResources":[{"resourceType":"project","resourceId":"audit-prj","tagKey":"k","tagValue":"v"}]}"#,
            |client| { client.sls(REGION).list_tags("audit-prj").await }
        ),
        read!(
            "sls::get_logstore",
            "GetLogStore",
            Some("audit-store"),
            r#"{"logstoreName":"audit-store","ttl":180}"#,
            |client| { client.sls(REGION).get_logstore("audit-prj", "audit-store").await }
        ),
        read!(
            "sls::list_logstores",
            "ListLogStores",
            None,
            r#"{"count":0,"total":0,"logstores":[]}"#,
            |client| { client.sls(REGION).list_logstores("audit-prj", "").await }
        ),
        read!("sls::get_index", "GetIndex", None, r#"{"keys":{},"ttl":180,"index_mode":"v2"}"#, |client| {
            client.sls(REGION).get_index("audit-prj", "audit-store").await
        }),
        read!(
            "sls::get_dashboard",
            "GetDashboard",
            Some("audit-board"),
            r#"{"dashboardName":"audit-board","charts":[]}"#,
            |client| { client.sls(REGION).get_dashboard("audit-prj", "audit-board").await }
        ),
        read!(
            "sls::get_alert",
            "GetAlert",
            Some("audit-alert"),
            r#"{"name":"audit-alert","configuration":{},"schedule":{},"status":"ENABLED"}"#,
            |client| { client.sls(REGION).get_alert("audit-prj", "audit-alert").await }
        ),
        read!(
            "sls::get_record",
            "GetResourceRecord",
            Some("alex"),
            r#"{"id":"alex","tag":"Alex","value":"{}"}"#,
            |client| { client.sls(REGION).get_record("sls.common.user", "alex").await }
        ),
        read!(
            "sls::list_records",
            "ListResourceRecord",
            Some("alex"),
            r#"{"items":[{"id":"alex","tag":"Alex","value":"{}"}],"count":1,"total":1}"#,
            |client| { client.sls(REGION).list_records("sls.common.user", &["alex", "kim"]).await }
        ),
        read!("sls::list_shards", "ListShards", None, r#"[{"shardID":0,"status":"readwrite"}]"#, |client| {
            client.sls(REGION).list_shards("audit-prj", "audit-store").await
        }),
        read!("sls::get_cursor", "GetCursor", None, r#"{"cursor":"MTQ0OTc0OTQ1MA=="}"#, |client| {
            client.sls(REGION).get_cursor("audit-prj", "audit-store", 0, crate::sls::Position::Begin).await
        }),
    ]
}

fn all() -> Vec<Read> {
    [actiontrail(), accounts(), oss(), sls()].into_iter().flatten().collect()
}

/// What something in between, or a service in a bad hour, may give with status 200.
const NONE: &[&str] = &[
    "",
    "{}",
    "[]",
    "null",
    "[[]]",
    "\"audit-trail\"",
    "<html><body>It works!</body></html>",
    "<Error><Code>InternalError</Code><Message>m</Message></Error>",
    r#"{"RequestId":"R"}"#,
    r#"{"RequestId":"R","Code":"InternalError","Message":"m","Success":false}"#,
    r#"{"errorCode":"InternalServerError","errorMessage":"m"}"#,
    r#"{"code":200,"data":null}"#,
];

#[tokio::test]
async fn no_read_takes_another_answer_for_its_own() {
    let all = all();
    for read in &all {
        let mut script = vec![good(read.answer)];
        let mut bad: Vec<String> = NONE.iter().map(|text| (*text).to_owned()).collect();
        // The answers to all other calls of the service, but for those that look alike.
        let service = |name: &str| name.split("::").next().map(str::to_owned);
        let others = all.iter().filter(|other| service(other.name) == service(read.name));
        bad.extend(
            others.map(|other| other.answer).filter(|answer| *answer != read.answer).map(str::to_owned),
        );
        bad.extend(
            read.about
                .map(|name| read.answer.replace(name, &name.replace(|c: char| c.is_alphanumeric(), "7"))),
        );
        bad.push(read.answer[..read.answer.len() - 1].to_owned());
        script.extend(bad.iter().map(good));
        let server = Server::start(script).await;
        let answered = (read.call)(server.client()).await;
        assert!(answered.is_ok(), "{}: {answered:?}", read.name);
        for (at, text) in bad.iter().enumerate() {
            let error = match (read.call)(server.client()).await {
                Err(error) => error,
                Ok(read_as) => panic!("{} reads {text} as {read_as}", read.name),
            };
            assert!(matches!(error, Error::UnexpectedAnswer { .. }), "{} of {text}: {error}", read.name);
            assert!(
                !error.is_not_found() && error.to_string().contains(read.action),
                "{}: {error}",
                read.name
            );
            assert_eq!(server.seen().len(), at + 2, "{}: it is not called again", read.name);
        }
    }
}

#[test]
fn every_read_is_among_them() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for module in ["actiontrail", "oss", "sls", "sts", "ram", "resource_manager"] {
        let files: Vec<_> = match std::fs::read_dir(source.join(module)) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => vec![source.join(module).with_extension("rs")],
        };
        for text in files.iter().map(|file| std::fs::read_to_string(file).unwrap()) {
            for (_, rest) in
                text.match_indices("pub async fn ").map(|(at, found)| text.split_at(at + found.len()))
            {
                let name = rest.split('(').next().unwrap();
                let reads = ["get_", "list_", "describe", "lookup_", "assume_"]
                    .iter()
                    .any(|verb| name.starts_with(verb));
                if reads {
                    found.insert(format!("{module}::{name}"));
                }
            }
        }
    }
    assert!(found.len() > 40, "{found:?}");
    let tried: BTreeSet<String> = all().iter().map(|read| read.name.to_owned()).collect();
    assert_eq!(tried, found);
}

#[tokio::test]
async fn the_error_names_call_request_and_member() {
    let reply = Step::Reply(std::sync::Arc::new(|_| {
        let answer = hyper::Response::builder().header("x-acs-request-id", "9F5B");
        answer.body(http_body_util::Full::from("{}")).unwrap()
    }));
    let server = Server::start(vec![reply]).await;
    let error = server.client().actiontrail(REGION).describe_trails(Default::default()).await.unwrap_err();
    let text = error.to_string();
    let begins =
        "ActionTrail DescribeTrails: unexpected answer: it has no member TrailList, request id 9F5B. ";
    assert!(text.starts_with(begins), "{text}");
}

#[tokio::test]
async fn a_list_is_read_to_its_end_or_not_at_all() {
    let page = |names: &[&str], next: &str| {
        let buckets: String =
            names.iter().map(|name| format!("<Bucket><Name>{name}</Name></Bucket>")).collect();
        good(format!("<ListAllMyBucketsResult>{next}<Buckets>{buckets}</Buckets></ListAllMyBucketsResult>"))
    };
    let more = |marker: &str| format!("<IsTruncated>true</IsTruncated><NextMarker>{marker}</NextMarker>");
    let server = Server::start(vec![page(&["a"], &more("a")), page(&["b"], "")]).await;
    let buckets = server.client().oss(REGION).list_buckets("", None).await.unwrap();
    assert_eq!(buckets.iter().map(|bucket| bucket.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    for stuck in [more("a"), more(""), "<IsTruncated>true</IsTruncated>".to_owned()] {
        let server = Server::start(vec![page(&["a"], &more("a")), page(&["b"], &stuck)]).await;
        let error = server.client().oss(REGION).list_buckets("", None).await.unwrap_err();
        assert!(
            matches!(&error, Error::UnexpectedAnswer { detail, .. } if detail.contains("NextMarker")),
            "{error}"
        );
    }
    // The service may give fewer than were asked for.
    let page = |names: &[&str]| good(format!(r#"{{"total":3,"logstores":{names:?}}}"#));
    let server = Server::start(vec![page(&["a", "b"]), page(&["c"])]).await;
    assert_eq!(server.client().sls(REGION).list_logstores("prj", "").await.unwrap(), ["a", "b", "c"]);
    let page = |ids: &str| good(format!(r#"{{"TotalCount":3,"Accounts":{{"Account":[{ids}]}}}}"#));
    let two = r#"{"AccountId":"1"},{"AccountId":"2"}"#;
    let server = Server::start(vec![page(two), page(r#"{"AccountId":"3"}"#), page(two), page("")]).await;
    assert_eq!(server.client().resource_manager().list_accounts().await.unwrap().len(), 3);
    let error = server.client().resource_manager().list_accounts().await.unwrap_err();
    assert!(error.to_string().contains("2 accounts on its pages, and 3 by TotalCount"), "{error}");
    let tags = r#"{"nextToken":"t","tagResources":[]}"#;
    let server = Server::start(vec![good(tags), good(tags)]).await;
    let error = server.client().sls(REGION).list_tags("prj").await.unwrap_err();
    assert!(error.to_string().contains("nextToken"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_an_error_of_its_own_and_not_asked_for_again() {
    let long = format!(
        r#"{{"TrailList":[{{"Name":"audit-trail","HomeRegion":"cn-hangzhou","Status":"Fresh","OssKeyPrefix":"{}"}}]}}"#,
        "x".repeat(100_000)
    );
    let chunked = Step::Reply(std::sync::Arc::new({
        let long = long.clone();
        move |_| hyper::Response::new(http_body_util::Full::from(long.clone()))
    }));
    let server = Server::start(vec![chunked.clone(), chunked.clone(), chunked]).await;
    let mut config = server.config();
    config.max_answer_bytes = long.len() - 1;
    let client = Client::new(config.clone()).unwrap();
    let error = client.actiontrail(REGION).describe_trails(Default::default()).await.unwrap_err();
    assert!(matches!(error, Error::AnswerTooLarge { action: "DescribeTrails", .. }), "{error}");
    assert!(
        error.to_string().contains("ActionTrail DescribeTrails") && error.may_have_been_applied(),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
    config.max_answer_bytes = long.len();
    let client = Client::new(config).unwrap();
    assert_eq!(client.actiontrail(REGION).describe_trails(Default::default()).await.unwrap().len(), 1);
    assert_eq!(Client::new(server.config()).unwrap().config().max_answer_bytes, 16 * 1024 * 1024);
}

fn response(body: String) -> Response {
    Response {
        service: Service::Sls,
        action: "ListProject",
        effect: Effect::Read,
        body: Bytes::from(body),
        request_id: None,
    }
}

/// How many elements a long answer has.
const ELEMENTS: usize = 50_000;

fn long_json() -> Response {
    response(format!(r#"{{"list":[{}{{"name":"last"}}]}}"#, r#"{"name":"audit"},"#.repeat(ELEMENTS)))
}

/// What happens at the tenth element of a long answer, and how many there were.
struct Tenth(Mutex<Option<Box<dyn FnOnce() + Send>>>, AtomicUsize);

impl Tenth {
    const fn new() -> Self {
        Self(Mutex::new(None), AtomicUsize::new(0))
    }

    fn element(&self) {
        if self.1.fetch_add(1, Ordering::SeqCst) == 9
            && let Some(act) = self.0.lock().unwrap().take()
        {
            act();
        }
    }
}

/// An answer whose elements are counted while they are read.
macro_rules! counted {
    ($list:ident, $counter:ident) => {
        static $counter: Tenth = Tenth::new();

        #[derive(Debug, Deserialize)]
        struct $list {
            #[allow(dead_code, reason = "it is only read")]
            list: Vec<Element>,
        }

        #[derive(Debug)]
        struct Element;

        impl<'de> Deserialize<'de> for Element {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $counter.element();
                IgnoredAny::deserialize(deserializer).map(|_| Self)
            }
        }

        impl Answer for $list {
            fn check(&self, _: &str) -> Result<(), Unexpected> {
                Ok(())
            }
        }
    };
}

#[tokio::test]
async fn cancelling_ends_the_reading_of_a_long_answer_in_the_middle() {
    counted!(List, COUNTER);
    let scope = Scope::default();
    let cancel = scope.cancel.clone();
    *COUNTER.0.lock().unwrap() = Some(Box::new(move || cancel.cancel()));
    let error = json::<List>(&scope, long_json(), "").await.unwrap_err();
    assert!(error.is_cancelled(), "{error}");
    let read = COUNTER.1.load(Ordering::SeqCst);
    assert!(read < ELEMENTS / 5, "{read} of {ELEMENTS} elements were read");
}

#[tokio::test]
async fn the_deadline_ends_the_reading_of_a_long_answer() {
    counted!(List, COUNTER);
    let scope = Scope { deadline: Some(Instant::now()), ..Scope::default() };
    let error = json::<List>(&scope, long_json(), "").await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded { sent: false, .. }), "{error}");
    assert_eq!(COUNTER.1.load(Ordering::SeqCst), 0);
    let elements = format!("<R>{}</R>", "<A>1</A>".repeat(ELEMENTS));
    let error = xml(&scope, response(elements), "R", |_| Ok(())).await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded { .. }), "{error}");
}

#[tokio::test]
async fn nobody_reads_an_answer_that_nobody_waits_for() {
    counted!(List, COUNTER);
    let (reached, at_tenth) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    *COUNTER.0.lock().unwrap() = Some(Box::new(move || {
        reached.send(()).unwrap();
        let _ = may_go_on.recv();
    }));
    let waiting = tokio::spawn(async { json::<List>(&Scope::default(), long_json(), "").await });
    tokio::task::spawn_blocking(move || at_tenth.recv().unwrap()).await.unwrap();
    waiting.abort();
    let _ = waiting.await;
    drop(go_on);
    // The reader ends without having gone through all: it counts no further.
    let mut before = usize::MAX;
    while before != COUNTER.1.load(Ordering::SeqCst) {
        before = COUNTER.1.load(Ordering::SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(before < ELEMENTS / 5, "{before} of {ELEMENTS} elements were read");
}

#[test]
fn xml_is_read_in_pieces_between_which_it_can_be_stopped() {
    let looks = AtomicUsize::new(0);
    let document = format!("<R>{}</R>", "<A>1</A>".repeat(ELEMENTS));
    let stop = || looks.fetch_add(1, Ordering::SeqCst) >= 2;
    assert_eq!(Element::parse_unless(document.as_bytes(), stop), Ok(None));
    assert_eq!(looks.load(Ordering::SeqCst), 3);
    let all = Element::parse(document.as_bytes()).unwrap();
    assert_eq!(all.children.len(), ELEMENTS);
    // What has more elements than any answer is not read to its end.
    let endless = format!("<R>{}</R>", "<a/>".repeat(1_000_001));
    assert!(Element::parse(endless.as_bytes()).unwrap_err().to_string().contains("too many elements"));
}

#[tokio::test]
async fn a_long_answer_in_xml_is_read_to_its_end_when_nobody_stops_it() {
    let elements = format!("<R>{}</R>", "<A>1</A>".repeat(ELEMENTS));
    let scope = Scope::default();
    let count = xml(&scope, response(elements.clone()), "R", |root| Ok(root.children.len())).await.unwrap();
    assert_eq!(count, ELEMENTS);
    scope.cancel.cancel();
    assert!(xml(&scope, response(elements), "R", |_| Ok(())).await.unwrap_err().is_cancelled());
}
