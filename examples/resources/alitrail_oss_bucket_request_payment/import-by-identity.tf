import {
  to = alitrail_oss_bucket_request_payment.example
  identity = {
    bucket = "audit-trail-archive"
  }
}
