# The secure trail baseline for one account, and somebody who hears of what it records: logins of the root account, changes
# of policies and networks, and any attempt to stop or bypass the trail.

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

module "baseline" {
  source = "../modules/secure-trail-baseline"

  name                = var.name
  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
}

module "alerts" {
  source = "../modules/cis-alerts"

  project_name   = module.baseline.project_name
  logstore_name  = module.baseline.logstore_name
  archive_bucket = module.baseline.bucket_name
  email          = var.email
}
