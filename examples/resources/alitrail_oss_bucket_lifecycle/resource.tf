resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

# All rules of the bucket: a rule that is not here is removed by apply.
resource "alitrail_oss_bucket_lifecycle" "example" {
  bucket = alitrail_oss_bucket.archive.bucket

  # No rule may expire objects earlier.
  minimum_retention_days = 365

  rules = {
    archive = {
      prefix = "AliyunLogs/"
      transitions = {
        IA      = { days = 30 }
        Archive = { days = 90 }
      }
      expiration = { days = 365 }

      noncurrent_version_expiration = { days = 365 }
    }
    unfinished-uploads = {
      abort_multipart_upload = { days = 7 }
    }
  }
}
