# The projects of the provider's region that hold audit logs.
data "alitrail_sls_projects" "audit" {
  name_contains = "audit"
}

output "project_arns" {
  value = [for project in data.alitrail_sls_projects.audit.projects : project.arn]
}
