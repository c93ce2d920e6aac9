# By the name of the bucket.
terraform import alitrail_oss_bucket_logging.example audit-trail-archive
