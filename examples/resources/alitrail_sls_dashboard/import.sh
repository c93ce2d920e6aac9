# By project and dashboard, separated by a colon.
terraform import alitrail_sls_dashboard.example audit-trail-events:trail-overview
