output "done_at" {
  description = "When the history was delivered."
  value       = alitrail_history_delivery_job.past.end_time
}

output "changes_of_trails" {
  description = "What was done to trails in the last week, the newest first."
  value       = [for event in data.alitrail_events.trails.events : "${event.event_time} ${event.event_name} ${coalesce(event.resource_name, "-")}"]
}
