# Every trail whose home is the provider's region.
data "alitrail_trails" "all" {}

output "trail_names" {
  value = data.alitrail_trails.all.trails[*].trail_name
}
