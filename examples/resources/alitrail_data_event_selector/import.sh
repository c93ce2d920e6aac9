# By the name of the trail; in another region than the provider's, name@region.
terraform import alitrail_data_event_selector.example audit-trail
