import {
  to = alitrail_global_events_storage_region.example
  identity = {
    id = "GlobalEventsStorageRegion"
  }
}
