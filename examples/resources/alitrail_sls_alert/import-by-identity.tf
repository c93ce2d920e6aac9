import {
  to = alitrail_sls_alert.example
  identity = {
    project_name = "audit-trail-events"
    alert_name   = "root-login"
  }
}
