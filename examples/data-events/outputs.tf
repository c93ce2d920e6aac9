output "data_event_projects" {
  description = "Log projects that ActionTrail made for data events, by region."
  value       = alitrail_data_event_selector.objects.sls_delivery
}
