# Who stopped a trail lately?
data "alitrail_events" "stopped" {
  lookup_attributes = {
    EventName = "StopLogging"
  }
}

output "stopped_by" {
  value = [for event in data.alitrail_events.stopped.events : "${event.event_time} ${coalesce(event.user_name, "?")}"]
}
