# There is one per account.
terraform import alitrail_global_events_storage_region.example GlobalEventsStorageRegion
