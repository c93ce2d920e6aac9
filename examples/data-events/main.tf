# A trail that also records who reads and writes the objects of some buckets, and where those events arrive.

terraform {
  required_version = ">= 1.6"

  required_providers {
    alitrail = {
      source  = "alitrail/alitrail"
      version = ">= 0.1.0"
    }
  }
}

provider "alitrail" {
  region = var.region
}

resource "alitrail_sls_project" "audit" {
  project_name  = var.project_name
  description   = "Management events of the trail ${var.name}"
  force_destroy = var.force_destroy
}

resource "alitrail_trail" "audit" {
  trail_name      = var.name
  sls_project_arn = alitrail_sls_project.audit.arn
}

resource "alitrail_data_event_selector" "objects" {
  trail_name = alitrail_trail.audit.trail_name
  region_ids = var.data_regions

  selectors = [
    # Every change of an object, whichever the bucket.
    {
      service_name    = "Oss"
      read_write_type = "Write"
    },
    # Reads only where they matter: they are many, and each is charged.
    {
      service_name    = "Oss"
      read_write_type = "Read"
      event_name      = { equals = ["GetObject", "HeadObject"] }
      resource_arn    = { equals = [for bucket in var.watched_buckets : "acs:oss:*:*:${bucket}/*"] }
    },
  ]
}
