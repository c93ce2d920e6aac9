# By the name of the bucket.
terraform import alitrail_oss_bucket_lifecycle.example audit-trail-archive
