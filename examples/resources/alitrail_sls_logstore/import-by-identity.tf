import {
  to = alitrail_sls_logstore.example
  identity = {
    project_name  = "audit-trail-events"
    logstore_name = "investigations"
  }
}
