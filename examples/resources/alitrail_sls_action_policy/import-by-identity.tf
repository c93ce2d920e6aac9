import {
  to = alitrail_sls_action_policy.example
  identity = {
    action_policy_id = "trail-actions"
  }
}
