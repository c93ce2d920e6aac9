//! What is replaced: the settings of a kept object, and the objects that hold evidence.

use acceptance_tests::{Cloud, Fixture};
use serde_json::Value;

const NAME: &str = "replaced-archive";

const BUCKET: &str = r#"
resource "alitrail_oss_bucket" "around" {
  bucket = "replaced-archive"
}
"#;

const PROJECT: &str = r#"
resource "alitrail_sls_project" "around" {
  project_name = "replaced-events"
}
"#;

const LOGSTORE: &str = r#"
resource "alitrail_sls_logstore" "around" {
  project_name  = alitrail_sls_project.around.project_name
  logstore_name = "cases"
}
"#;

const TRAIL: &str = r#"
resource "alitrail_trail" "around" {
  trail_name      = "replaced-trail"
  sls_project_arn = alitrail_sls_project.around.arn
}
"#;

/// The order in which Terraform replaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The default.
    DestroyFirst,
    /// With `create_before_destroy`.
    CreateFirst,
}

pub(super) struct Subject {
    pub(super) resource: &'static str,
    /// What it needs.
    pub(super) around: String,
    /// Its own arguments.
    pub(super) arguments: &'static str,
    /// Where the cloud has it.
    pub(super) node: fn(&Cloud) -> String,
    /// The call that makes it.
    pub(super) makes: &'static str,
    /// A call after that one, without which the creation fails half-way.
    pub(super) follows: &'static str,
}

impl Subject {
    pub(super) fn address(&self) -> String {
        format!("{}.this", self.resource)
    }

    pub(super) fn configuration(&self, order: Order) -> String {
        let lifecycle = match order {
            Order::DestroyFirst => "",
            Order::CreateFirst => "\n  lifecycle {\n    create_before_destroy = true\n  }\n",
        };
        format!("{}\nresource {:?} \"this\" {{{}{lifecycle}}}\n", self.around, self.resource, self.arguments)
    }

    /// The cloud's document, without what every write changes.
    pub(super) fn document(&self, fixture: &Fixture) -> Value {
        let mut document = fixture.cloud.find(&(self.node)(&fixture.cloud)).unwrap().unwrap_or_default();
        forget_times(&mut document);
        document
    }
}

/// Takes out the times of the last change.
fn forget_times(document: &mut Value) {
    match document {
        Value::Object(members) => {
            members.retain(|name, _| {
                !["lastModifyTime", "UpdateTime", "UpdateDate", "last_modify_time", "update_date"]
                    .contains(&name.as_str())
            });
            members.values_mut().for_each(forget_times);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        _ => {}
    }
}

pub(super) fn lifecycle() -> Subject {
    Subject {
        resource: "alitrail_oss_bucket_lifecycle",
        around: BUCKET.to_owned(),
        arguments: r"
  bucket = alitrail_oss_bucket.around.bucket
  rules  = { old = { expiration = { days = 1095 } } }
",
        node: |cloud| format!("{}/Lifecycle", cloud.bucket(NAME)),
        makes: "PutBucketLifecycle",
        follows: "GetBucketLifecycle",
    }
}

pub(super) fn policy() -> Subject {
    Subject {
        resource: "alitrail_oss_bucket_policy",
        around: BUCKET.to_owned(),
        arguments: r#"
  bucket = alitrail_oss_bucket.around.bucket
  policy = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Deny"
      Action    = ["oss:DeleteObject"]
      Principal = ["*"]
      Resource  = ["acs:oss:*:*:replaced-archive/*"]
    }]
  })
"#,
        node: |cloud| format!("{}/Policy", cloud.bucket(NAME)),
        makes: "PutBucketPolicy",
        follows: "GetBucketPolicy",
    }
}

pub(super) fn logging() -> Subject {
    let target = "\nresource \"alitrail_oss_bucket\" \"target\" {\n  bucket = \"replaced-target\"\n}\n";
    Subject {
        resource: "alitrail_oss_bucket_logging",
        around: format!("{BUCKET}{target}"),
        arguments: r#"
  bucket        = alitrail_oss_bucket.around.bucket
  target_bucket = alitrail_oss_bucket.target.bucket
  target_prefix = "archive/"
"#,
        node: |cloud| format!("{}/Logging", cloud.bucket(NAME)),
        makes: "PutBucketLogging",
        follows: "GetBucketLogging",
    }
}

pub(super) fn request_payment() -> Subject {
    Subject {
        resource: "alitrail_oss_bucket_request_payment",
        around: BUCKET.to_owned(),
        arguments: "\n  bucket = alitrail_oss_bucket.around.bucket\n  payer  = \"Requester\"\n",
        node: |cloud| format!("{}/RequestPayment", cloud.bucket(NAME)),
        makes: "PutBucketRequestPayment",
        follows: "GetBucketRequestPayment",
    }
}

pub(super) fn worm() -> Subject {
    Subject {
        resource: "alitrail_oss_bucket_worm",
        around: BUCKET.to_owned(),
        arguments: r#"
  bucket                   = alitrail_oss_bucket.around.bucket
  retention_period_in_days = 30
  status                   = "InProgress"
"#,
        node: |cloud| format!("{}/Worm", cloud.bucket(NAME)),
        makes: "InitiateBucketWorm",
        follows: "GetBucketWorm",
    }
}

pub(super) fn account_block() -> Subject {
    Subject {
        resource: "alitrail_oss_account_public_access_block",
        around: String::new(),
        arguments: "",
        node: |_| "oss/account_public_access_block".to_owned(),
        makes: "PutPublicAccessBlock",
        follows: "GetPublicAccessBlock",
    }
}

pub(super) fn index() -> Subject {
    Subject {
        resource: "alitrail_sls_index",
        around: format!("{PROJECT}{LOGSTORE}"),
        arguments: r#"
  project_name  = alitrail_sls_project.around.project_name
  logstore_name = alitrail_sls_logstore.around.logstore_name
  field_search  = { level = { type = "text" } }
"#,
        node: |cloud| format!("{}/logstores/cases/index", cloud.project("replaced-events")),
        makes: "CreateIndex",
        follows: "GetIndex",
    }
}

pub(super) fn alert() -> Subject {
    Subject {
        resource: "alitrail_sls_alert",
        around: format!("{PROJECT}{LOGSTORE}"),
        arguments: r#"
  project_name = alitrail_sls_project.around.project_name
  alert_name   = "root-login"
  display_name = "Login of the root account"
  schedule     = { interval = "15m" }
  configuration = {
    query_list              = [{ store = "cases", query = "* | select count(1) as cnt", start = "-15m" }]
    severity_configurations = [{ severity = 8, eval_condition = { condition = "cnt > 0" } }]
  }
"#,
        node: |cloud| format!("{}/alerts/root-login", cloud.project("replaced-events")),
        makes: "CreateAlert",
        follows: "GetAlert",
    }
}

pub(super) fn selector() -> Subject {
    Subject {
        resource: "alitrail_data_event_selector",
        around: format!("{PROJECT}{TRAIL}"),
        arguments: r#"
  trail_name = alitrail_trail.around.trail_name
  selectors  = [{ service_name = "Oss", event_name = { equals = ["PutObject"] } }]
"#,
        node: |cloud| format!("{}/DataEventSelector", cloud.trail("replaced-trail")),
        makes: "PutDataEventSelector",
        follows: "GetDataEventSelector",
    }
}

pub(super) fn bucket() -> Subject {
    Subject {
        resource: "alitrail_oss_bucket",
        around: String::new(),
        arguments: "\n  bucket = \"replaced-archive\"\n  tags   = { owner = \"security\" }\n",
        node: |cloud| cloud.bucket(NAME),
        makes: "PutBucket",
        follows: "PutBucketVersioning",
    }
}

pub(super) fn project() -> Subject {
    Subject {
        resource: "alitrail_sls_project",
        around: String::new(),
        arguments: "\n  project_name = \"replaced-events\"\n  tags         = { owner = \"security\" }\n",
        node: |cloud| cloud.project("replaced-events"),
        makes: "CreateProject",
        follows: "TagResources",
    }
}

pub(super) fn logstore() -> Subject {
    Subject {
        resource: "alitrail_sls_logstore",
        around: PROJECT.to_owned(),
        arguments: r#"
  project_name  = alitrail_sls_project.around.project_name
  logstore_name = "cases"
  force_destroy = true
"#,
        node: |cloud| format!("{}/logstores/cases", cloud.project("replaced-events")),
        makes: "CreateLogStore",
        follows: "GetLogStore",
    }
}

pub(super) fn trail() -> Subject {
    Subject {
        resource: "alitrail_trail",
        around: PROJECT.to_owned(),
        arguments: "\n  trail_name      = \"replaced-trail\"\n  sls_project_arn = alitrail_sls_project.around.arn\n",
        node: |cloud| cloud.trail("replaced-trail"),
        makes: "CreateTrail",
        follows: "StartLogging",
    }
}

pub(super) fn delivery_role() -> Subject {
    Subject {
        resource: "alitrail_delivery_role",
        around: String::new(),
        arguments: r#"
  role_name          = "replaced-writer"
  trusted_account_id = "1000000000000002"
  oss_bucket_name    = "replaced-archive"
"#,
        node: |cloud| format!("accounts/{}/ram/roles/replaced-writer", cloud.account_id),
        makes: "CreateRole",
        follows: "ListPoliciesForRole",
    }
}

pub(super) fn service_linked_role() -> Subject {
    Subject {
        resource: "alitrail_service_linked_role",
        around: String::new(),
        arguments: "\n  delete_on_destroy = true\n",
        node: |cloud| format!("accounts/{}/ram/roles/AliyunServiceRoleForActionTrail", cloud.account_id),
        makes: "CreateServiceLinkedRole",
        follows: "GetRole",
    }
}

pub(super) fn storage_region() -> Subject {
    Subject {
        resource: "alitrail_global_events_storage_region",
        around: String::new(),
        arguments: "\n  storage_region = \"cn-hangzhou\"\n",
        node: |cloud| format!("accounts/{}/actiontrail", cloud.account_id),
        makes: "UpdateGlobalEventsStorageRegion",
        follows: "GetGlobalEventsStorageRegion",
    }
}

pub(super) fn dashboard() -> Subject {
    Subject {
        resource: "alitrail_sls_dashboard",
        around: PROJECT.to_owned(),
        arguments: r#"
  project_name   = alitrail_sls_project.around.project_name
  dashboard_name = "overview"
  detail         = jsonencode({ charts = [] })
"#,
        node: |cloud| format!("{}/dashboards/overview", cloud.project("replaced-events")),
        makes: "CreateDashboard",
        follows: "GetDashboard",
    }
}

pub(super) fn user() -> Subject {
    Subject {
        resource: "alitrail_sls_user",
        around: String::new(),
        arguments: "\n  user_id   = \"oncall\"\n  user_name = \"On call\"\n  email     = [\"oncall@example.com\"]\n",
        node: |cloud| format!("{}/sls/resources/sls.common.user/records/oncall", cloud.region("cn-heyuan")),
        makes: "CreateResourceRecord",
        follows: "GetResourceRecord",
    }
}
