variable "name" {
  description = "Name of the trail. The bucket and the log project are called the same, followed by the account id, unless named below."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,34}[a-z0-9]$", var.name))
    error_message = "The name must have 6 to 36 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "region" {
  description = "Home region of the trail, also of the bucket and the log project. Null takes the provider's. The trail records every region either way."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$", var.region))
    error_message = "The region must be an id such as cn-hangzhou or ap-southeast-1."
  }
}

variable "bucket_name" {
  description = "Name of the archive bucket. Bucket names are unique over all accounts of Alibaba Cloud."
  type        = string
  default     = null

  validation {
    condition     = var.bucket_name == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "The bucket name must have 3 to 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit."
  }
}

variable "project_name" {
  description = "Name of the log project."
  type        = string
  default     = null

  validation {
    condition     = var.project_name == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.project_name))
    error_message = "The project name must have 3 to 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit."
  }
}

variable "oss_key_prefix" {
  description = "First part of the keys of delivered objects. Null puts them at the top of the bucket."
  type        = string
  default     = null

  validation {
    condition     = var.oss_key_prefix == null || can(regex("^[A-Za-z][A-Za-z0-9/_-]{4,30}[A-Za-z0-9_-]$", var.oss_key_prefix))
    error_message = "The prefix must have 6 to 32 letters, digits, slashes, hyphens and underscores, begin with a letter and not end with a slash."
  }
}

variable "retention_days" {
  description = "Days that the archive keeps a delivered object before it expires. A lifecycle rule that deletes earlier, whoever made it, is a warning of every plan."
  type        = number
  default     = 1095
  nullable    = false

  validation {
    condition     = var.retention_days >= 180 && floor(var.retention_days) == var.retention_days
    error_message = "The archive must be kept for at least 180 days, a whole number."
  }
}

variable "infrequent_access_after_days" {
  description = "Age in days at which archived objects move to the class IA."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.infrequent_access_after_days >= 1 && floor(var.infrequent_access_after_days) == var.infrequent_access_after_days
    error_message = "The age must be a whole number of days, at least 1."
  }
}

variable "archive_after_days" {
  description = "Age in days at which archived objects move on to the class Archive. Must lie between the move to IA and the retention."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.archive_after_days >= 2 && floor(var.archive_after_days) == var.archive_after_days
    error_message = "The age must be a whole number of days, at least 2."
  }
}

variable "log_retention_days" {
  description = "Days that the logstore keeps events for queries. 3650 keeps them for ever, as ActionTrail sets it up."
  type        = number
  default     = 3650
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 180 && var.log_retention_days <= 3650 && floor(var.log_retention_days) == var.log_retention_days
    error_message = "The logstore must keep events for 180 to 3650 days, a whole number."
  }
}

variable "kms_key_id" {
  description = "KMS key in the bucket's region that encrypts the archive. Null encrypts with keys that OSS manages."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_id == null || can(regex("^[A-Za-z0-9-]{8,64}$", var.kms_key_id))
    error_message = "The KMS key must be given by its id."
  }
}

variable "tags" {
  description = "Tags of the bucket and the log project."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 20 && alltrue([for key in keys(var.tags) : length(key) >= 1 && length(key) <= 128 && !startswith(lower(key), "aliyun") && !startswith(lower(key), "acs:")])
    error_message = "There may be up to 20 tags, with keys of 1 to 128 characters that begin neither with aliyun nor with acs:."
  }
}

variable "deletion_protection" {
  description = "Refuses to destroy or replace the trail, the bucket, the project and the logstore. Switching it off takes an apply of its own."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Lets a destroy delete the evidence too: a bucket that is not empty, the logstore with its events, and a log project that holds logs. Takes effect once it has been applied."
  type        = bool
  default     = false
  nullable    = false
}

variable "generation" {
  description = "Raise it by one to replace the trail by one of another name, with a bucket of its own, without a moment in which nothing is recorded."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.generation >= 1 && var.generation <= 99 && floor(var.generation) == var.generation
    error_message = "The generation must be a whole number from 1 to 99."
  }
}

variable "oldest_generation" {
  description = "First generation whose bucket and logstore are still kept. Raising it gives up the evidence of earlier ones; the current one is kept whatever it says."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.oldest_generation >= 1 && floor(var.oldest_generation) == var.oldest_generation
    error_message = "The oldest generation must be a whole number, at least 1."
  }
}
