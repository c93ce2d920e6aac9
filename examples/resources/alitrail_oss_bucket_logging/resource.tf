resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

resource "alitrail_oss_bucket" "access_logs" {
  bucket = "audit-trail-access-logs"
}

# Who reads the evidence is evidence too.
resource "alitrail_oss_bucket_logging" "example" {
  bucket        = alitrail_oss_bucket.archive.bucket
  target_bucket = alitrail_oss_bucket.access_logs.bucket
  target_prefix = "archive/"
}
