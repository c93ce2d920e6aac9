# By the name of the bucket.
terraform import alitrail_oss_bucket_policy.example audit-trail-archive
