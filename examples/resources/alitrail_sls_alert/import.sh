# By project and name.
terraform import alitrail_sls_alert.example audit-trail-events:root-login
