# Events of RAM and other services without a region are stored where the archive is.
resource "alitrail_global_events_storage_region" "example" {
  storage_region = "ap-southeast-1"
}
