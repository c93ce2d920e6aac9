# One provider process for every account of a Resource Directory: the organization's trail in the management account, its archive in
# the log archive account, and in every member, in waves, what the trail does not bring.

terraform {
  required_version = ">= 1.6"

  required_providers {
    alitrail = {
      source  = "alitrail/alitrail"
      version = ">= 0.1.0"
    }
  }
}

# Credentials of the management account, or of its delegated administrator for ActionTrail. Other accounts are entered through the
# member role.
provider "alitrail" {
  region               = var.region
  member_role_name     = var.member_role_name
  unreachable_accounts = var.unreachable_accounts
  quota_share          = var.quota_share
}

data "alitrail_caller_identity" "this" {}

data "alitrail_organization_accounts" "all" {
  folder_id = var.folder_id
}

locals {
  archive_name = "${var.name}-${var.archive_account_id}"

  # Each account is in one of the waves, and stays in it when others join or leave.
  wave_of = {
    for id in data.alitrail_organization_accounts.all.ids :
    id => contains(var.canaries, id) ? 0 : 1 + parseint(substr(md5(id), 0, 6), 16) % var.waves
  }
  # A wave brings its own accounts; those of the waves before stay.
  members = toset([for id, wave in local.wave_of : id if wave <= var.wave && !contains(var.excluded_account_ids, id)])
}

resource "alitrail_oss_bucket" "archive" {
  account_id             = var.archive_account_id
  bucket                 = local.archive_name
  minimum_retention_days = var.retention_days
  deletion_protection    = var.deletion_protection
  force_destroy          = var.force_destroy
}

resource "alitrail_oss_bucket_lifecycle" "archive" {
  account_id             = var.archive_account_id
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

# Lets trails of the management account, and of no other, write to this bucket, and nowhere else.
resource "alitrail_delivery_role" "archive" {
  account_id         = var.archive_account_id
  role_name          = var.delivery_role_name
  trusted_account_id = data.alitrail_caller_identity.this.account_id
  oss_bucket_name    = alitrail_oss_bucket.archive.bucket
}

resource "alitrail_trail" "organization" {
  trail_name            = var.name
  is_organization_trail = true
  oss_bucket_name       = alitrail_oss_bucket.archive.bucket
  oss_write_role_arn    = alitrail_delivery_role.archive.arn
  deletion_protection   = var.deletion_protection

  depends_on = [alitrail_oss_bucket_lifecycle.archive]
}

# No bucket of a member is public, whatever its own settings say.
resource "alitrail_oss_account_public_access_block" "member" {
  for_each = local.members

  account_id = each.key
}

# Events of services without a region are stored where they are looked for.
resource "alitrail_global_events_storage_region" "member" {
  for_each = local.members

  account_id     = each.key
  storage_region = var.global_events_region
}
