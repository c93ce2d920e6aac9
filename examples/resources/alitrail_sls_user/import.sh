# By its id.
terraform import alitrail_sls_user.example security-oncall
