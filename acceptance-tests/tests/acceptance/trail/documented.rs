//! Configurations in the shape that the alicloud provider documents for its trail, with only the name of the type changed:
//! each ends logging. What they need around them is made here, since it is not what they show.

use acceptance_tests::{Fixture, full};

const AROUND: &str = r#"
variable "name" {
  default = "documented-trail"
}

data "alitrail_caller_identity" "example" {}

resource "alitrail_sls_project" "example" {
  project_name = var.name
  description  = "tf actiontrail example"
}

resource "alitrail_oss_bucket" "example" {
  bucket = var.name
}

resource "alitrail_service_linked_role" "example" {}

locals {
  region  = "cn-hangzhou"
  account = data.alitrail_caller_identity.example.account_id
  role    = alitrail_service_linked_role.example.arn
}
"#;

/// The arguments as they stand in the documentation of the trail and in the examples beside its source.
const EXAMPLES: [(&str, &str); 6] = [
    (
        "delivers to a log project with the service-linked role",
        r#"
  trail_name         = var.name
  sls_write_role_arn = local.role
  sls_project_arn    = "acs:log:${local.region}:${local.account}:project/${alitrail_sls_project.example.project_name}"
"#,
    ),
    (
        "delivers to a bucket",
        r#"
  trail_name         = var.name
  event_rw           = "Write"
  oss_bucket_name    = alitrail_oss_bucket.example.bucket
  oss_write_role_arn = local.role
  trail_region       = "All"
"#,
    ),
    (
        "is enabled in words",
        r#"
  trail_name      = var.name
  event_rw        = "All"
  oss_bucket_name = alitrail_oss_bucket.example.id
  oss_key_prefix  = "actiontrail"
  status          = "Enable"
"#,
    ),
    (
        "delivers to both, of one region",
        r#"
  trail_name         = var.name
  event_rw           = "Read"
  trail_region       = local.region
  oss_bucket_name    = alitrail_oss_bucket.example.bucket
  sls_project_arn    = alitrail_sls_project.example.arn
  sls_write_role_arn = local.role
"#,
    ),
    (
        "is of the organization",
        r#"
  trail_name            = var.name
  sls_project_arn       = alitrail_sls_project.example.arn
  is_organization_trail = true
"#,
    ),
    (
        "delivers to MaxCompute",
        r#"
  trail_name                 = var.name
  max_compute_project_arn    = "acs:odps:${local.region}:${local.account}:project/actiontrail_example"
  max_compute_write_role_arn = local.role
"#,
    ),
];

#[test]
fn documented_trails_end_logging() {
    let fixture = Fixture::new(&full());
    fixture.configure(AROUND);
    fixture.apply();
    for (what, arguments) in EXAMPLES {
        fixture.configure(&format!("{AROUND}\nresource \"alitrail_trail\" \"example\" {{{arguments}}}\n"));
        fixture.apply();
        let trail = fixture.cloud.get(&fixture.cloud.trail("documented-trail")).unwrap();
        assert_eq!(trail["Status"], "Enable", "{what}: {trail}");
        assert!(fixture.plan(&[]).is_empty(), "{what}");
        fixture.configure(AROUND);
        fixture.apply();
    }
}
