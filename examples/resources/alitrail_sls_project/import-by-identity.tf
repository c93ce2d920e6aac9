import {
  to = alitrail_sls_project.example
  identity = {
    project_name = "audit-trail-events"
  }
}
