# One trail for a whole organization, recorded in the management account and kept in an account that nobody works in.

terraform {
  required_version = ">= 1.6"

  required_providers {
    alitrail = {
      source  = "alitrail/alitrail"
      version = ">= 0.1.0"
    }
  }
}

# The management account of the Resource Directory, or its delegated administrator for ActionTrail: it has the trail.
provider "alitrail" {
  region              = var.region
  profile             = var.management_profile
  allowed_account_ids = [var.management_account_id]
}

# The log archive account: it has the bucket and the log project.
provider "alitrail" {
  alias               = "archive"
  region              = var.region
  profile             = var.archive_profile
  allowed_account_ids = [var.archive_account_id]
}

locals {
  archive_name = "${var.name}-${var.archive_account_id}"
}

resource "alitrail_oss_bucket" "archive" {
  provider = alitrail.archive

  bucket                 = local.archive_name
  minimum_retention_days = var.retention_days
  deletion_protection    = var.deletion_protection
  force_destroy          = var.force_destroy
}

resource "alitrail_oss_bucket_lifecycle" "archive" {
  provider = alitrail.archive

  bucket                 = alitrail_oss_bucket.archive.bucket
  minimum_retention_days = var.retention_days

  rules = {
    archive = {
      prefix                        = "AliyunLogs/"
      transitions                   = { IA = { days = 30 } }
      expiration                    = { days = var.retention_days }
      noncurrent_version_expiration = { days = var.retention_days }
    }
  }
}

resource "alitrail_sls_project" "audit" {
  provider = alitrail.archive

  project_name        = local.archive_name
  description         = "Events of the organization's trail ${var.name}"
  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
}

# Lets trails of the management account, and of no other, write to this bucket and this project, and nowhere else.
resource "alitrail_delivery_role" "archive" {
  provider = alitrail.archive

  role_name          = var.delivery_role_name
  trusted_account_id = var.management_account_id
  oss_bucket_name    = alitrail_oss_bucket.archive.bucket
  sls_project_arn    = alitrail_sls_project.audit.arn
}

resource "alitrail_trail" "organization" {
  trail_name            = var.name
  is_organization_trail = true

  oss_bucket_name    = alitrail_oss_bucket.archive.bucket
  oss_write_role_arn = alitrail_delivery_role.archive.arn

  sls_project_arn    = alitrail_sls_project.audit.arn
  sls_write_role_arn = alitrail_delivery_role.archive.arn

  deletion_protection = var.deletion_protection

  depends_on = [alitrail_oss_bucket_lifecycle.archive]
}

# ActionTrail makes this logstore in the archive account when the trail is created; here its retention is taken over.
resource "alitrail_sls_logstore" "events" {
  provider = alitrail.archive

  project_name     = alitrail_sls_project.audit.project_name
  logstore_name    = "actiontrail_${alitrail_trail.organization.trail_name}"
  retention_period = var.log_retention_days

  adopt_existing      = true
  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
}
