# By the name of the bucket; its name, a colon and the id of the policy will do too.
terraform import alitrail_oss_bucket_worm.example audit-trail-archive
