import {
  to = alitrail_data_event_selector.example
  identity = {
    trail_name = "audit-trail"
  }
}
