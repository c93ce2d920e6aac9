import {
  to = alitrail_sls_dashboard.example
  identity = {
    project_name   = "audit-trail-events"
    dashboard_name = "trail-overview"
  }
}
