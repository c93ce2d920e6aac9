# The secure trail baseline for one account. Credentials and region come from the environment or the profile
# that other Alibaba Cloud tools use; see the provider's documentation.

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
  retention_days      = var.retention_days
  log_retention_days  = var.log_retention_days
  kms_key_id          = var.kms_key_id
  tags                = var.tags
  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
  generation          = var.generation
}
