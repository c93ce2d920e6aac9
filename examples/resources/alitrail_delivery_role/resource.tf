# In the account that keeps the archive: trails of the account 1234567890123456 may write to this bucket and project,
# and do nothing else.
resource "alitrail_delivery_role" "example" {
  role_name          = "audit-delivery"
  trusted_account_id = "1234567890123456"
  oss_bucket_name    = alitrail_oss_bucket.archive.bucket
  sls_project_arn    = alitrail_sls_project.audit.arn
}

resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

resource "alitrail_sls_project" "audit" {
  project_name = "audit-trail-events"
}
