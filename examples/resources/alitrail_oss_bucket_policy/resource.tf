resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

# The whole policy of the bucket: here it refuses plain HTTP to everybody, and lets one account read.
resource "alitrail_oss_bucket_policy" "example" {
  bucket = alitrail_oss_bucket.archive.bucket

  policy = jsonencode({
    Version = "1"
    Statement = [
      {
        Effect    = "Deny"
        Action    = ["oss:*"]
        Principal = ["*"]
        Resource  = [alitrail_oss_bucket.archive.arn, "${alitrail_oss_bucket.archive.arn}/*"]
        Condition = { Bool = { "acs:SecureTransport" = ["false"] } }
      },
      {
        Effect    = "Allow"
        Action    = ["oss:GetObject", "oss:ListObjects"]
        Principal = ["1234567890123456"]
        Resource  = [alitrail_oss_bucket.archive.arn, "${alitrail_oss_bucket.archive.arn}/*"]
      },
    ]
  })
}
