# By its id.
terraform import alitrail_sls_action_policy.example trail-actions
