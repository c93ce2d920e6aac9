terraform {
  required_version = ">= 1.6"

  required_providers {
    alitrail = {
      source  = "alitrail/alitrail"
      version = ">= 0.1.0"
    }
  }
}
