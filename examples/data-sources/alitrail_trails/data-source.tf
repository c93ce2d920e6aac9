# Every trail whose home is the provider's region.
data "alitrail_trails" "all" {}

output "trail_names" {
  value = keys(data.alitrail_trails.all.trails)
}
