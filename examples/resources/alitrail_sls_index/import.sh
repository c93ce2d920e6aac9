# By project and logstore. All fields of the index are taken into the state: name those in the configuration that are
# to stay.
terraform import alitrail_sls_index.example audit-trail-events:actiontrail_audit-trail
