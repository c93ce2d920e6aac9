import {
  to = alitrail_sls_index.example
  identity = {
    project_name  = "audit-trail-events"
    logstore_name = "actiontrail_audit-trail"
  }
}
