import {
  to = alitrail_trail.example
  identity = {
    trail_name = "audit-trail"
  }
}
