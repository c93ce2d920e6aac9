resource "alitrail_sls_user" "oncall" {
  user_id   = "security-oncall"
  user_name = "Security on call"
  email     = ["security@example.com"]
}

resource "alitrail_sls_user_group" "security" {
  user_group_id   = "security-team"
  user_group_name = "Security team"
  members         = [alitrail_sls_user.oncall.user_id]
}

# Everything goes to the team by mail; what is critical and nobody takes up for half an hour is sent again.
resource "alitrail_sls_action_policy" "example" {
  action_policy_id   = "trail-actions"
  action_policy_name = "What happens to the trail"

  primary_policy_script = <<-EOT
    fire(type="email", groups=["${alitrail_sls_user_group.security.user_group_id}"], template_id="sls.app.actiontrail.builtin.en", period="any")
  EOT

  escalation_start_enabled = true
  escalation_start_timeout = "30m"
  secondary_policy_script  = <<-EOT
    if alert.severity >= 10:
        fire(type="email", groups=["${alitrail_sls_user_group.security.user_group_id}"], template_id="sls.app.actiontrail.builtin.en", period="any")
  EOT
}
