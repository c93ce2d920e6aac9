# One alert for each control, and who hears of it. The queries are in alerts.tf.

locals {
  # Each look covers twice the interval: events arrive some minutes late, and between two looks none may fall through.
  reach = "-${2 * var.interval_minutes}m"

  # What ActionTrail indexes of an event by itself, and what the queries need besides.
  indexed = setunion(
    [
      "acsRegion", "additionalEventData", "apiVersion", "errorCode", "errorMessage", "eventCategory", "eventId", "eventName",
      "eventRW", "eventSource", "eventTime", "eventType", "eventVersion", "recipientAccountId", "referencedResources",
      "requestId", "requestParameterJson", "requestParameters", "resourceName", "resourceType", "responseElements",
      "serviceName", "sourceIpAddress", "userAgent", "userIdentity.accessKeyId", "userIdentity.accountId",
      "userIdentity.principalId", "userIdentity.type", "userIdentity.userName", "vpcId",
    ],
    ["additionalEventData.isMFAChecked", "addionalEventData.loginAccount"],
  )
}

# A condition on a field that is not indexed makes the whole query fail, so what the queries name is made sure of.
# Whatever else is in the index of the logstore stays.
resource "alitrail_sls_index" "events" {
  project_name  = var.project_name
  logstore_name = var.logstore_name
  region        = var.region

  field_search = {
    event = {
      type      = "json"
      json_keys = { for path in local.indexed : path => { type = "text" } }
    }
  }
}

resource "alitrail_sls_user" "receiver" {
  user_id   = "${var.name}-receiver"
  user_name = var.receiver_name
  email     = [var.email]
}

resource "alitrail_sls_action_policy" "notify" {
  action_policy_id   = "${var.name}-actions"
  action_policy_name = "Alerts of the audit trail"

  primary_policy_script = <<-EOT
    fire(type="email", users=["${alitrail_sls_user.receiver.user_id}"], template_id="sls.app.actiontrail.builtin.en", period="any")
  EOT
}

resource "alitrail_sls_alert" "this" {
  for_each = local.alerts

  project_name = var.project_name
  region       = var.region
  alert_name   = each.key
  display_name = each.value.title

  schedule = {
    type     = "FixedRate"
    interval = "${var.interval_minutes}m"
  }

  configuration = {
    query_list = [{
      project = each.value.project
      store   = each.value.store
      region  = var.region
      query   = each.value.query
      start   = local.reach
    }]
    severity_configurations = [{
      severity       = each.value.severity
      eval_condition = { condition = "cnt > 0" }
    }]
    annotations = {
      title = each.value.title
      desc  = "$${cnt} in the last ${2 * var.interval_minutes} minutes, in the logstore ${each.value.store}"
    }
    policy_configuration = {
      action_policy_id = alitrail_sls_action_policy.notify.action_policy_id
    }
    tags = ["audit"]
  }

  depends_on = [alitrail_sls_index.events]
}
