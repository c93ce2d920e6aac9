resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

# Auditors of other accounts pay for what they download.
resource "alitrail_oss_bucket_request_payment" "example" {
  bucket = alitrail_oss_bucket.archive.bucket
  payer  = "Requester"
}
