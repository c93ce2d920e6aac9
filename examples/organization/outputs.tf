output "trail_arn" {
  description = "ARN of the organization's trail."
  value       = alitrail_trail.organization.arn
}

output "bucket" {
  description = "Bucket that archives the events."
  value       = alitrail_oss_bucket.archive.bucket
}

output "sls_project_arn" {
  description = "Project whose logstore makes the events searchable."
  value       = alitrail_sls_project.audit.arn
}
