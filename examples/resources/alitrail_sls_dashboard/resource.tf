resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}

resource "alitrail_sls_dashboard" "example" {
  project_name   = alitrail_sls_project.audit.project_name
  dashboard_name = "trail-overview"
  display_name   = "What happened to the trail"

  detail = jsonencode({
    charts = [{
      title = "Changes of the trail"
      type  = "table"
      search = {
        logstore = "actiontrail_audit-trail"
        topic    = ""
        query    = "event.serviceName: Actiontrail | SELECT \"event.eventName\" AS event, count(1) AS times GROUP BY event"
        start    = "-86400s"
        end      = "now"
      }
      display = {
        xPos   = 0
        yPos   = 0
        width  = 10
        height = 12
      }
    }]
  })
}
