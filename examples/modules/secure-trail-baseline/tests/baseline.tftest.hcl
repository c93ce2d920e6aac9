# Tests of this module, on a mock of the cloud: no account, nothing to pay, a few seconds.
#
#   alitrail mock -- terraform test

provider "alitrail" {
  region = "cn-hangzhou"
}

variables {
  name                = "audit-trail"
  deletion_protection = false
  force_destroy       = true
}

run "the_trail_logs_everything" {
  assert {
    condition     = data.alitrail_trail_status.this.is_logging
    error_message = "A trail that does not log is no trail."
  }

  assert {
    condition     = alitrail_trail.this.trail_region == "All" && alitrail_trail.this.event_rw == "All"
    error_message = "The trail must record all regions, reads and writes."
  }
}

run "the_archive_is_closed_and_kept" {
  assert {
    condition     = alitrail_oss_bucket.archive["1"].acl == "private" && alitrail_oss_bucket.archive["1"].block_public_access
    error_message = "The archive must be closed to the public."
  }

  assert {
    condition     = alitrail_oss_bucket.archive["1"].versioning == "Enabled"
    error_message = "Overwritten events must stay readable."
  }

  assert {
    condition     = alitrail_oss_bucket.archive["1"].minimum_retention_days == 1095
    error_message = "A lifecycle rule that deletes the archive early must be told."
  }

  assert {
    condition     = alitrail_sls_logstore.events["1"].retention_period == 3650
    error_message = "The logstore must keep events for good, as ActionTrail sets it up."
  }
}

run "a_longer_retention_is_an_update" {
  variables {
    retention_days = 2000
  }

  assert {
    condition     = alitrail_oss_bucket_lifecycle.archive["1"].rules["archive"].expiration.days == 2000
    error_message = "The archive must be kept for as long as the variable says."
  }

  assert {
    condition     = alitrail_oss_bucket.archive["1"].minimum_retention_days == 2000
    error_message = "Rules must be judged by what the variable says."
  }
}

run "a_retention_of_three_months_is_refused" {
  command = plan

  variables {
    retention_days = 90
  }

  expect_failures = [var.retention_days]
}

run "logs_are_kept_unless_force_destroy_says_otherwise" {
  command = plan

  variables {
    force_destroy = false
  }

  assert {
    condition     = !alitrail_sls_project.audit.force_destroy && !alitrail_oss_bucket.archive["1"].force_destroy
    error_message = "Neither the project nor the bucket may be deleted with evidence in it."
  }
}
