# Makes one more field searchable in the logstore that ActionTrail made for a trail; everything else in its index stays.
resource "alitrail_sls_index" "example" {
  project_name  = alitrail_sls_project.audit.project_name
  logstore_name = "actiontrail_${alitrail_trail.audit.trail_name}"

  field_search = {
    owner_id = {
      type  = "text"
      alias = "owner"
    }
  }
}

resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}

resource "alitrail_trail" "audit" {
  trail_name      = "audit-trail"
  sls_project_arn = alitrail_sls_project.audit.arn
}
