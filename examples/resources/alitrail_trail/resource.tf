# Records every region, reads and writes, and is logging when the apply ends: these are the defaults.
resource "alitrail_trail" "example" {
  trail_name      = "audit-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  oss_key_prefix  = "account-events"
  sls_project_arn = alitrail_sls_project.audit.arn

  deletion_protection = true
}

resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}
