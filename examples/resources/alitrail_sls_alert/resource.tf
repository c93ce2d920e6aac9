# Tells the security team when somebody logs in as the root account.
resource "alitrail_sls_alert" "example" {
  project_name = alitrail_sls_project.audit.project_name
  alert_name   = "root-login"
  display_name = "Login of the root account"

  schedule = {
    interval = "15m"
  }

  configuration = {
    query_list = [{
      store = "actiontrail_audit-trail"
      query = "\"event.eventName\": ConsoleSignin and \"event.userIdentity.type\": root-account | select count(1) as cnt"
      start = "-15m"
    }]

    severity_configurations = [{
      severity       = 8
      eval_condition = { condition = "cnt > 0" }
    }]

    annotations = {
      title = "$${alert_name}"
      desc  = "Somebody logged in as the root account."
    }

    policy_configuration = {
      action_policy_id = "audit-alerts"
    }
  }
}

resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}
