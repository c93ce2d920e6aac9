# Facts that change by themselves live in a data source, never in the resource: here they make a check.
check "delivery" {
  data "alitrail_trail_status" "this" {
    trail_name = "audit-trail"
  }

  assert {
    condition     = data.alitrail_trail_status.this.is_logging
    error_message = "The trail audit-trail is not logging."
  }
}
