output "queries" {
  description = "The query of each alert, by the alert's name, with the project and logstore that it reads."
  value = {
    for id, alert in local.alerts : id => {
      project_name  = alert.project
      logstore_name = alert.store
      query         = alert.query
    }
  }
}

output "action_policy_id" {
  description = "The action policy that the alerts use, for further alerts of your own."
  value       = alitrail_sls_action_policy.notify.action_policy_id
}
