# Facts that change by themselves live in a data source, never in the resource: here they make a check. Keep the data
# source outside the check block; inside, Terraform would plan to read it again with every apply.
data "alitrail_trail_status" "this" {
  trail_name = "audit-trail"
}

check "delivery" {
  assert {
    condition     = data.alitrail_trail_status.this.is_logging
    error_message = "The trail audit-trail is not logging."
  }
}
