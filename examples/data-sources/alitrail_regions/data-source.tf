data "alitrail_regions" "all" {}

output "regions" {
  value = data.alitrail_regions.all.ids
}
