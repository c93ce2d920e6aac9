output "trail_name" {
  description = "Name of the trail."
  value       = module.baseline.trail_name
}

output "trail_arn" {
  description = "ARN of the trail."
  value       = module.baseline.trail_arn
}

output "bucket_name" {
  description = "Archive bucket."
  value       = module.baseline.bucket_name
}

output "project_name" {
  description = "Log project."
  value       = module.baseline.project_name
}

output "logstore_name" {
  description = "Logstore with the events."
  value       = module.baseline.logstore_name
}
