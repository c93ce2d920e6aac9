import {
  to = alitrail_oss_bucket_lifecycle.example
  identity = {
    bucket = "audit-trail-archive"
  }
}
