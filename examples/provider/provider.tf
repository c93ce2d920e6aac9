terraform {
  required_providers {
    alitrail = {
      source  = "alitrail/alitrail"
      version = ">= 0.1.0"
    }
  }
}

# Credentials come from the environment or from a profile of the aliyun command line, never from here.
provider "alitrail" {
  region = "cn-hangzhou"
}
