resource "alitrail_sls_project" "example" {
  project_name = "audit-trail-events"
  description  = "Events of the audit trail"

  tags = {
    owner = "security"
  }

  deletion_protection = true
}
