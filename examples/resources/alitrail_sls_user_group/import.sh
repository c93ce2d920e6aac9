# By its id.
terraform import alitrail_sls_user_group.example security-team
