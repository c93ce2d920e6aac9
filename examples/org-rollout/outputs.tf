output "trail_arn" {
  description = "ARN of the trail."
  value       = alitrail_trail.organization.arn
}

output "members" {
  description = "Accounts that the waves so far have reached."
  value       = sort(tolist(local.members))
}

output "waiting" {
  description = "Accounts of later waves."
  value       = sort([for id, wave in local.wave_of : id if wave > var.wave])
}
