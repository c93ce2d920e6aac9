# Reads of one bucket's objects and all writes of objects, in two regions. Data events are charged.
resource "alitrail_data_event_selector" "example" {
  trail_name = alitrail_trail.audit.trail_name
  region_ids = ["cn-hangzhou", "cn-shanghai"]

  selectors = [
    {
      service_name    = "Oss"
      read_write_type = "Read"
      resource_arn    = { equals = ["acs:oss:*:*:customer-records/*"] }
    },
    {
      service_name    = "Oss"
      read_write_type = "Write"
      event_name      = { not_equals = ["PutObjectTagging"] }
    },
  ]
}

resource "alitrail_trail" "audit" {
  trail_name      = "audit-trail"
  sls_project_arn = alitrail_sls_project.audit.arn
}

resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}
