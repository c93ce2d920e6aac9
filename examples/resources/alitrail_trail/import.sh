# By name; in another region than the provider's, name@region.
terraform import alitrail_trail.example audit-trail
terraform import alitrail_trail.example audit-trail@ap-southeast-1
