# By the name of the bucket.
terraform import alitrail_oss_bucket_request_payment.example audit-trail-archive
