output "trail_arn" {
  description = "ARN of the trail."
  value       = module.baseline.trail_arn
}

output "alerts" {
  description = "Names of the alerts."
  value       = keys(module.alerts.queries)
}

output "action_policy_id" {
  description = "The action policy that the alerts use, for further alerts of your own."
  value       = module.alerts.action_policy_id
}
