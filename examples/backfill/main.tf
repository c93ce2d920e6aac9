# A new trail whose logstore begins 90 days before it: what ActionTrail kept of the account is delivered there, once.

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
  force_destroy = var.force_destroy
}

resource "alitrail_trail" "audit" {
  trail_name      = var.name
  sls_project_arn = alitrail_sls_project.audit.arn
}

resource "alitrail_history_delivery_job" "past" {
  trail_name = alitrail_trail.audit.trail_name

  # A large account takes a while, and the resource waits until everything is there.
  timeouts {
    create = "2h"
  }
}

# What was done to trails in the last week, from the same history.
data "alitrail_events" "trails" {
  max_events = 500

  lookup_attributes = {
    ResourceType = "ACS::ActionTrail::Trail"
    EventRW      = "Write"
  }

  depends_on = [alitrail_history_delivery_job.past]
}
