import {
  to = alitrail_oss_bucket_worm.example
  identity = {
    bucket = "audit-trail-archive"
  }
}
