# The 90 days before the trail was made, once, into the logstore of the trail.
resource "alitrail_history_delivery_job" "example" {
  trail_name = alitrail_trail.audit.trail_name

  timeouts {
    create = "2h"
  }
}

resource "alitrail_trail" "audit" {
  trail_name      = "audit-trail"
  sls_project_arn = alitrail_sls_project.audit.arn
}

resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}
