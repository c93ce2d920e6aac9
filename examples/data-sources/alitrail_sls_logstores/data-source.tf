# The stores that ActionTrail made for trails.
data "alitrail_sls_logstores" "trails" {
  project_name  = "audit-trail-events"
  name_contains = "actiontrail_"
}

output "stores_of_trails" {
  value = data.alitrail_sls_logstores.trails.names
}
