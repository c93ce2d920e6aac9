resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}

# A store of your own, kept for a year.
resource "alitrail_sls_logstore" "example" {
  project_name     = alitrail_sls_project.audit.project_name
  logstore_name    = "investigations"
  retention_period = 365
}

resource "alitrail_trail" "this" {
  trail_name      = "audit-trail"
  sls_project_arn = alitrail_sls_project.audit.arn
}

# The store that ActionTrail makes for a trail, taken over.
resource "alitrail_sls_logstore" "events" {
  project_name   = alitrail_sls_project.audit.project_name
  logstore_name  = "actiontrail_${alitrail_trail.this.trail_name}"
  adopt_existing = true
}
