# By name; in another region than the provider's, name@region.
terraform import alitrail_oss_bucket.example audit-trail-archive
