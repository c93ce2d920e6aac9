# By project and logstore, separated by a colon.
terraform import alitrail_sls_logstore.example audit-trail-events:investigations
