import {
  to = alitrail_oss_bucket_logging.example
  identity = {
    bucket = "audit-trail-archive"
  }
}
