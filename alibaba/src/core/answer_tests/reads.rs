//! Every read of every service, with an answer that is one.

use std::pin::Pin;

use super::*;
use crate::Client;

pub(super) type Reading = Pin<Box<dyn Future<Output = Result<String, Error>> + Send>>;

/// A call that reads.
pub(super) struct Read {
    /// Module and function.
    pub(super) name: &'static str,
    /// The API action, which errors name.
    pub(super) action: &'static str,
    /// An answer that is one.
    pub(super) answer: &'static str,
    /// What the answer says about which object it is, if it does.
    pub(super) about: Option<&'static str>,
    pub(super) call: fn(Client) -> Reading,
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

pub(super) const REGION: &str = "cn-hangzhou";

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
        read!(
            "actiontrail::get_insight_selectors",
            "GetInsightSelectors",
            None,
            r#"{"RequestId":"R","InsightSelectors":[]}"#,
            |client| { client.actiontrail(REGION).get_insight_selectors("audit-trail").await }
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
            "resource_manager::list_folders",
            "ListFoldersForParent",
            None,
            r#"{"TotalCount":0,"Folders":{"Folder":[]}}"#,
            |client| { client.resource_manager().list_folders("r-1").await }
        ),
        read!(
            "resource_manager::list_delegated_administrators",
            "ListDelegatedAdministrators",
            None,
            r#"{"TotalCount":0,"Accounts":{"Account":[]}}"#,
            |client| {
                client.resource_manager().list_delegated_administrators("actiontrail.aliyuncs.com").await
            }
        ),
        read!(
            "resource_manager::get_control_policy_enablement_status",
            "GetControlPolicyEnablementStatus",
            None,
            r#"{"EnablementStatus":"Enabled"}"#,
            |client| { client.resource_manager().get_control_policy_enablement_status().await }
        ),
        read!(
            "resource_manager::list_control_policies",
            "ListControlPolicies",
            None,
            r#"{"TotalCount":0,"ControlPolicies":{"ControlPolicy":[]}}"#,
            |client| { client.resource_manager().list_control_policies().await }
        ),
        read!(
            "resource_manager::get_control_policy",
            "GetControlPolicy",
            Some("cp-guard"),
            r#"{"ControlPolicy":{"PolicyId":"cp-guard","PolicyDocument":"{}"}}"#,
            |client| { client.resource_manager().get_control_policy("cp-guard").await }
        ),
        read!(
            "resource_manager::list_target_attachments_for_control_policy",
            "ListTargetAttachmentsForControlPolicy",
            None,
            r#"{"TotalCount":0,"TargetAttachments":{"TargetAttachment":[]}}"#,
            |client| {
                client.resource_manager().list_target_attachments_for_control_policy("cp-guard").await
            }
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
        read!(
            "oss::get_bucket_request_payment",
            "GetBucketRequestPayment",
            None,
            "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>",
            |client| { client.oss(REGION).get_bucket_request_payment("audit-logs").await }
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
        read!("sls::list_alerts", "ListAlerts", None, r#"{"count":0,"total":0,"results":[]}"#, |client| {
            client.sls(REGION).list_alerts("audit-prj").await
        }),
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

pub(super) fn all() -> Vec<Read> {
    [actiontrail(), accounts(), oss(), sls()].into_iter().flatten().collect()
}
