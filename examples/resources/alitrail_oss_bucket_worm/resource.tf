resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

# Protects at once, and lapses after 24 hours. When it has proved right, lock it in that time:
#
#   status       = "Locked"
#   lock_consent = "audit-trail-archive"
#
# Nobody can take that back.
resource "alitrail_oss_bucket_worm" "example" {
  bucket                   = alitrail_oss_bucket.archive.bucket
  retention_period_in_days = 180
  status                   = "InProgress"
}
