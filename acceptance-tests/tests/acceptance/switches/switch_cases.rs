//! The resources that live under every switch.

use acceptance_tests::Cloud;
use serde_json::json;

const BUCKET: &str = "switched-archive";
const KEPT: &str = "switched-kept";
pub(crate) const RETENTION: &str = "alitrail_oss_bucket_worm.kept";
const PROJECT: &str = "switched-events";
const TRAIL: &str = "switched-trail";
const WIDE: &str = "switched-organization";

/// What one resource is in the configuration before and after the change, what drifts, and what imports it.
pub(crate) struct SwitchCase {
    pub(crate) address: &'static str,
    pub(crate) attributes: [&'static str; 2],
    pub(crate) node: fn(&Cloud) -> String,
    pub(crate) drift: serde_json::Value,
    pub(crate) id: &'static str,
}

pub(crate) fn switch_cases() -> Vec<SwitchCase> {
    let mut switch_cases = vec![
        SwitchCase {
            address: "alitrail_oss_bucket.archive",
            attributes: [
                "bucket = \"switched-archive\"\nforce_destroy = true\ntags = { owner = \"security\" }\n\
                 server_side_encryption = { sse_algorithm = \"KMS\" }",
                "bucket = \"switched-archive\"\nforce_destroy = true\nversioning = \"Suspended\"",
            ],
            node: |cloud| cloud.bucket(BUCKET),
            drift: json!({"ACL": "public-read", "BlockPublicAccess": false, "ServerSideEncryptionRule": null, "HttpsConfig": null}),
            id: "switched-archive",
        },
        SwitchCase {
            address: "alitrail_oss_bucket_lifecycle.archive",
            attributes: [
                "bucket = alitrail_oss_bucket.archive.bucket\n\
                 rules = { later = { prefix = \"b/\", expiration = { days = 900 } }, \
                 earlier = { prefix = \"a/\", expiration = { days = 400 } } }",
                "bucket = alitrail_oss_bucket.archive.bucket\n\
                 rules = { later = { prefix = \"b/\", expiration = { days = 900 } }, \
                 all = { prefix = \"a/\", transitions = { IA = { days = 30 } } } }",
            ],
            node: |cloud| format!("{}/Lifecycle/Rules/later", cloud.bucket(BUCKET)),
            drift: json!({"Expiration": {"Days": 1}}),
            id: "switched-archive",
        },
        SwitchCase {
            address: "alitrail_oss_bucket.kept",
            attributes: ["bucket = \"switched-kept\"\nforce_destroy = true"; 2],
            node: |cloud| cloud.bucket(KEPT),
            drift: json!({"Tags": {"foreign": "tag"}}),
            id: KEPT,
        },
        SwitchCase {
            address: "alitrail_oss_bucket_policy.kept",
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\npolicy = jsonencode({ Version = \"1\", Statement = [{ \
                 Effect = \"Deny\", Action = [\"oss:DeleteObject\"], Principal = [\"*\"], \
                 Resource = [\"acs:oss:*:*:switched-kept/*\"] }] })",
                "bucket = alitrail_oss_bucket.kept.bucket\npolicy = jsonencode({ Version = \"1\", Statement = [{ \
                 Effect = \"Allow\", Action = [\"oss:GetObject\"], Principal = [\"1234567890123456\"], \
                 Resource = [\"acs:oss:*:*:switched-kept/*\"] }] })",
            ],
            node: |cloud| cloud.bucket(KEPT),
            drift: json!({"Policy": "{\"Version\":\"1\",\"Statement\":[]}"}),
            id: KEPT,
        },
        SwitchCase {
            address: "alitrail_oss_bucket_logging.kept",
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\ntarget_bucket = alitrail_oss_bucket.archive.bucket",
                "bucket = alitrail_oss_bucket.kept.bucket\ntarget_bucket = alitrail_oss_bucket.archive.bucket\n\
                 target_prefix = \"access/\"",
            ],
            node: |cloud| format!("{}/Logging", cloud.bucket(KEPT)),
            drift: json!({"TargetPrefix": "elsewhere/"}),
            id: KEPT,
        },
        SwitchCase {
            address: "alitrail_oss_bucket_request_payment.kept",
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\npayer = \"Requester\"",
                "bucket = alitrail_oss_bucket.kept.bucket\npayer = \"BucketOwner\"",
            ],
            node: |cloud| cloud.bucket(KEPT),
            drift: json!({"RequestPayment": "Requester"}),
            id: KEPT,
        },
        SwitchCase {
            address: RETENTION,
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\nretention_period_in_days = 30\nstatus = \"InProgress\"",
                "bucket = alitrail_oss_bucket.kept.bucket\nretention_period_in_days = 60\nstatus = \"InProgress\"",
            ],
            node: |cloud| format!("{}/Worm", cloud.bucket(KEPT)),
            drift: json!({"RetentionPeriodInDays": 1}),
            id: KEPT,
        },
        SwitchCase {
            address: "alitrail_delivery_role.writer",
            attributes: [
                "role_name = \"SwitchedWriter\"\ntrusted_account_id = \"1000000000000001\"\n\
                 oss_bucket_name = alitrail_oss_bucket.archive.bucket",
                "role_name = \"SwitchedWriter\"\ntrusted_account_id = \"1000000000000001\"\n\
                 oss_bucket_name = alitrail_oss_bucket.archive.bucket\n\
                 sls_project_arn = alitrail_sls_project.events.arn",
            ],
            node: |cloud| format!("accounts/{}/ram/roles/SwitchedWriter", cloud.account_id),
            drift: json!({"policies": ["SwitchedWriter", "AdministratorAccess"]}),
            id: "SwitchedWriter",
        },
        SwitchCase {
            address: "alitrail_sls_project.events",
            attributes: [
                "project_name = \"switched-events\"\nforce_destroy = true\ndescription = \"events\"",
                "project_name = \"switched-events\"\nforce_destroy = true\ntags = { owner = \"security\" }",
            ],
            node: |cloud| cloud.project(PROJECT),
            drift: json!({"description": "somebody was here"}),
            id: "switched-events",
        },
        SwitchCase {
            address: "alitrail_sls_logstore.cases",
            attributes: [
                "project_name = alitrail_sls_project.events.project_name\nlogstore_name = \"cases\"\nretention_period = 400",
                "project_name = alitrail_sls_project.events.project_name\nlogstore_name = \"cases\"\nretention_period = 500",
            ],
            node: |cloud| format!("{}/logstores/cases", cloud.project(PROJECT)),
            drift: json!({"ttl": 30}),
            id: "switched-events:cases",
        },
        SwitchCase {
            address: "alitrail_trail.account",
            attributes: [
                "trail_name = \"switched-trail\"\noss_bucket_name = alitrail_oss_bucket.archive.bucket\n\
                 oss_write_role_arn = alitrail_delivery_role.writer.arn\n\
                 oss_key_prefix = \"account-events\"\nsls_project_arn = alitrail_sls_project.events.arn",
                "trail_name = \"switched-trail\"\noss_bucket_name = alitrail_oss_bucket.archive.bucket\n\
                 event_rw = \"Write\"\ntrail_region = \"cn-hangzhou\"\nstatus = \"Disable\"",
            ],
            node: |cloud| cloud.trail(TRAIL),
            drift: json!({"Status": "Enable", "EventRW": "All", "OssKeyPrefix": "foreign-events"}),
            id: "switched-trail",
        },
        SwitchCase {
            address: "alitrail_trail.organization",
            attributes: [
                "trail_name = \"switched-organization\"\nis_organization_trail = true\n\
                 oss_bucket_name = alitrail_oss_bucket.kept.bucket\n\
                 sls_project_arn = alitrail_sls_project.events.arn",
                "trail_name = \"switched-organization\"\nis_organization_trail = true\n\
                 oss_bucket_name = alitrail_oss_bucket.kept.bucket\n\
                 sls_project_arn = alitrail_sls_project.events.arn\nevent_rw = \"Write\"",
            ],
            node: |cloud| cloud.trail(WIDE),
            drift: json!({"Status": "Disable"}),
            id: "switched-organization",
        },
        SwitchCase {
            address: "alitrail_data_event_selector.account",
            attributes: [
                "trail_name = alitrail_trail.account.trail_name\nselectors = [{ service_name = \"Oss\" }]",
                "trail_name = alitrail_trail.account.trail_name\nregion_ids = [\"cn-hangzhou\", \"cn-shanghai\"]\n\
                 selectors = [{ service_name = \"Oss\", read_write_type = \"Write\" }]",
            ],
            node: |cloud| format!("{}/DataEventSelector", cloud.trail(TRAIL)),
            drift: json!({"IsTrailAllRegion": true}),
            id: TRAIL,
        },
    ];
    switch_cases.extend(searched());
    switch_cases.extend(notified());
    switch_cases
}

/// What searches the logs and shows them.
fn searched() -> [SwitchCase; 3] {
    [
        SwitchCase {
            address: "alitrail_sls_index.cases",
            attributes: [
                "project_name = alitrail_sls_project.events.project_name\n\
                 logstore_name = alitrail_sls_logstore.cases.logstore_name\n\
                 field_search = { level = { type = \"text\" }, took = { type = \"long\" } }",
                "project_name = alitrail_sls_project.events.project_name\n\
                 logstore_name = alitrail_sls_logstore.cases.logstore_name\nfull_text = { case_sensitive = true }\n\
                 field_search = { level = { type = \"text\", alias = \"lv\" }, took = { type = \"long\" } }",
            ],
            node: |cloud| format!("{}/logstores/cases/index", cloud.project(PROJECT)),
            drift: json!({"keys": {"level": null}}),
            id: "switched-events:cases",
        },
        SwitchCase {
            address: "alitrail_sls_alert.root",
            attributes: [ALERT, ALERT_CHANGED],
            node: |cloud| format!("{}/alerts/root-login", cloud.project(PROJECT)),
            drift: json!({"status": "DISABLED"}),
            id: "switched-events:root-login",
        },
        SwitchCase {
            address: "alitrail_sls_dashboard.overview",
            attributes: [
                "project_name = alitrail_sls_project.events.project_name\ndashboard_name = \"overview\"\n\
                 detail = jsonencode({ charts = [{ title = \"Changes\", type = \"table\", display = null }] })",
                "project_name = alitrail_sls_project.events.project_name\ndashboard_name = \"overview\"\n\
                 display_name = \"Overview\"\ndetail = jsonencode({ charts = [], attribute = {} })",
            ],
            node: |cloud| format!("{}/dashboards/overview", cloud.project(PROJECT)),
            drift: json!({"displayName": "somebody was here"}),
            id: "switched-events:overview",
        },
    ]
}

const ALERT: &str = "project_name = alitrail_sls_project.events.project_name\nalert_name = \"root-login\"\n\
     display_name = \"Login of root\"\nschedule = { interval = \"15m\" }\nconfiguration = {\n\
     query_list = [{ store = \"cases\", query = \"* | select count(1) as cnt\", start = \"-15m\" }]\n\
     severity_configurations = [{ severity = 6 }]\n}";

const ALERT_CHANGED: &str = "project_name = alitrail_sls_project.events.project_name\nalert_name = \"root-login\"\n\
     display_name = \"Login of root\"\ndescription = \"somebody is root\"\nschedule = { interval = \"30m\" }\n\
     configuration = {\nquery_list = [{ store = \"cases\", query = \"* | select count(1) as cnt\", start = \"-15m\" }]\n\
     severity_configurations = [{ severity = 8, eval_condition = { condition = \"cnt > 1\" } }]\n\
     annotations = { title = \"$${alert_name}\" }\npolicy_configuration = { action_policy_id = \"switched-actions\" }\n}";

/// Who is told, and how.
fn notified() -> [SwitchCase; 3] {
    [
        SwitchCase {
            address: "alitrail_sls_user.alex",
            attributes: [
                "user_id = \"switched-alex\"\nuser_name = \"Alex\"\nemail = [\"alex@example.com\"]",
                "user_id = \"switched-alex\"\nuser_name = \"Alex at night\"\nemail = [\"alex@example.com\"]",
            ],
            node: |cloud| record(cloud, "sls.common.user", "switched-alex"),
            drift: json!({"tag": "Somebody else"}),
            id: "switched-alex",
        },
        SwitchCase {
            address: "alitrail_sls_user_group.team",
            attributes: [
                "user_group_id = \"switched-team\"\nuser_group_name = \"Team\"\n\
                 members = [alitrail_sls_user.alex.user_id]",
                "user_group_id = \"switched-team\"\nuser_group_name = \"Team\"\nmembers = [alitrail_sls_user.alex.user_id, \"switched-kim\"]",
            ],
            node: |cloud| record(cloud, "sls.common.user_group", "switched-team"),
            drift: json!({"value": "{\"members\": [\"intruder\"], \"enabled\": true}"}),
            id: "switched-team",
        },
        SwitchCase {
            address: "alitrail_sls_action_policy.actions",
            attributes: [
                "action_policy_id = \"switched-actions\"\naction_policy_name = \"Actions\"\n\
                 primary_policy_script = \"fire(type=\\\"email\\\", users=[\\\"switched-alex\\\"], template_id=\\\"t\\\", period=\\\"any\\\")\"",
                "action_policy_id = \"switched-actions\"\naction_policy_name = \"What happens\"\n\
                 primary_policy_script = \"fire(type=\\\"email\\\", users=[\\\"switched-alex\\\"], template_id=\\\"t\\\", period=\\\"any\\\")\"",
            ],
            node: |cloud| record(cloud, "sls.alert.action_policy", "switched-actions"),
            drift: json!({"value": "{\"primary_policy_script\": \"stop()\"}"}),
            id: "switched-actions",
        },
    ]
}

fn record(cloud: &Cloud, table: &str, id: &str) -> String {
    format!("{}/sls/resources/{table}/records/{id}", cloud.region("cn-heyuan"))
}
