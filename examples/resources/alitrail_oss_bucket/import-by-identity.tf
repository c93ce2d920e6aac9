import {
  to = alitrail_oss_bucket.example
  identity = {
    bucket = "audit-trail-archive"
  }
}
