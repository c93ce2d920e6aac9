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
