# One trail that records every region of the account, reads and writes, and delivers to two places:
# an archive bucket for the years, and a logstore for queries and alerts.

data "alitrail_caller_identity" "current" {}

locals {
  default_name = "${var.name}-${data.alitrail_caller_identity.current.account_id}"
  project_name = coalesce(var.project_name, local.default_name)

  # A bucket takes the events of one trail, so each generation of the trail has its own, and the earlier ones stay.
  current      = tostring(var.generation)
  suffixes     = { for number in range(min(var.oldest_generation, var.generation), var.generation + 1) : tostring(number) => number == 1 ? "" : "-${number}" }
  trail_names  = { for number, suffix in local.suffixes : number => "${var.name}${suffix}" }
  bucket_names = { for number, suffix in local.suffixes : number => "${coalesce(var.bucket_name, local.default_name)}${suffix}" }

  # ActionTrail puts its objects below this name, after the prefix if there is one.
  delivered = join("/", compact([var.oss_key_prefix, "AliyunLogs/"]))
}

resource "alitrail_oss_bucket" "archive" {
  for_each = local.bucket_names

  bucket = each.value
  region = var.region
  tags   = var.tags

  server_side_encryption = {
    sse_algorithm     = var.kms_key_id == null ? "AES256" : "KMS"
    kms_master_key_id = var.kms_key_id
  }

  # A lifecycle rule that deletes earlier is told with every plan, whoever made it.
  minimum_retention_days = var.retention_days

  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
}

resource "alitrail_oss_bucket_lifecycle" "archive" {
  for_each = local.bucket_names

  bucket = alitrail_oss_bucket.archive[each.key].bucket
  region = var.region

  # A plan in which any rule below would expire objects earlier is an error.
  minimum_retention_days = var.retention_days

  rules = {
    archive = {
      prefix = local.delivered
      transitions = {
        IA      = { days = var.infrequent_access_after_days }
        Archive = { days = var.archive_after_days }
      }
      expiration = { days = var.retention_days }

      # Versions that were overwritten or deleted are evidence just as well.
      noncurrent_version_expiration = { days = var.retention_days }
    }
    unfinished-uploads = {
      abort_multipart_upload = { days = 7 }
    }
  }
}

resource "alitrail_sls_project" "audit" {
  project_name        = local.project_name
  region              = var.region
  description         = "Events of the audit trail ${var.name}"
  tags                = var.tags
  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy
}

resource "alitrail_trail" "this" {
  trail_name      = local.trail_names[local.current]
  region          = var.region
  oss_bucket_name = alitrail_oss_bucket.archive[local.current].bucket
  oss_key_prefix  = var.oss_key_prefix
  sls_project_arn = alitrail_sls_project.audit.arn

  deletion_protection = var.deletion_protection

  # Nothing is delivered into a bucket whose objects do not move and expire as declared.
  depends_on = [alitrail_oss_bucket_lifecycle.archive]

  # The trail of the next generation logs before that of this one is deleted.
  lifecycle {
    create_before_destroy = true
  }
}

# ActionTrail makes this logstore when the trail is created; here its retention is taken over.
resource "alitrail_sls_logstore" "events" {
  for_each = local.trail_names

  project_name     = alitrail_sls_project.audit.project_name
  logstore_name    = "actiontrail_${each.value}"
  region           = var.region
  retention_period = var.log_retention_days

  adopt_existing      = true
  deletion_protection = var.deletion_protection
  force_destroy       = var.force_destroy

  depends_on = [alitrail_trail.this]
}

# What the service says of the trail once it is as declared, for the tests of this module. A plan needs no check: the trail
# itself warns when it has been stopped or cannot deliver.
data "alitrail_trail_status" "this" {
  trail_name = local.trail_names[local.current]
  region     = var.region
  depends_on = [alitrail_trail.this]
}
