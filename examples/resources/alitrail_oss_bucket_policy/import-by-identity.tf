import {
  to = alitrail_oss_bucket_policy.example
  identity = {
    bucket = "audit-trail-archive"
  }
}
