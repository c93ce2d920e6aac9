# By name; in another region than the provider's, name@region.
terraform import alitrail_sls_project.example audit-trail-events
