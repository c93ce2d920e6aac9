# Every bucket of the account whose name begins with "audit-", in all regions.
data "alitrail_oss_buckets" "audit" {
  prefix = "audit-"
}

output "buckets_by_region" {
  value = { for name, bucket in data.alitrail_oss_buckets.audit.buckets : bucket.region => name... }
}
