output "trail_name" {
  description = "Name of the trail."
  value       = alitrail_trail.this.trail_name
}

output "trail_arn" {
  description = "ARN of the trail."
  value       = alitrail_trail.this.arn
}

output "home_region" {
  description = "Region in which the trail is managed."
  value       = alitrail_trail.this.home_region
}

output "bucket_name" {
  description = "Name of the archive bucket."
  value       = alitrail_oss_bucket.archive[local.current].bucket
}

output "bucket_names" {
  description = "Names of all archive buckets by generation, those of earlier trails too."
  value       = { for number, bucket in alitrail_oss_bucket.archive : number => bucket.bucket }
}

output "bucket_arn" {
  description = "ARN of the archive bucket."
  value       = alitrail_oss_bucket.archive[local.current].arn
}

output "project_name" {
  description = "Name of the log project."
  value       = alitrail_sls_project.audit.project_name
}

output "project_arn" {
  description = "ARN of the log project."
  value       = alitrail_sls_project.audit.arn
}

output "logstore_name" {
  description = "Name of the logstore that holds the events."
  value       = alitrail_sls_logstore.events[local.current].logstore_name
}
