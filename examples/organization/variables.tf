variable "name" {
  description = "Name of the trail. The bucket and the log project are called the same, followed by the id of the archive account."
  type        = string
  default     = "organization-trail"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,34}[a-z0-9]$", var.name))
    error_message = "The name must have 6 to 36 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "region" {
  description = "Home region of the trail, and region of the archive. The trail records every region either way."
  type        = string
}

variable "management_account_id" {
  description = "Account that manages the organization, or its delegated administrator for ActionTrail."
  type        = string
}

variable "management_profile" {
  description = "Profile of the aliyun command line with credentials of that account. Null takes the environment's."
  type        = string
  default     = null
}

variable "archive_account_id" {
  description = "Account that keeps the archive."
  type        = string
}

variable "archive_profile" {
  description = "Profile of the aliyun command line with credentials of the archive account."
  type        = string
}

variable "delivery_role_name" {
  description = "Name of the role with which the trail delivers to the archive."
  type        = string
  default     = "audit-delivery"
}

variable "retention_days" {
  description = "Days that the archive keeps a delivered object."
  type        = number
  default     = 1095
}

variable "log_retention_days" {
  description = "Days that events stay searchable; 3650 keeps them forever."
  type        = number
  default     = 3650
}

variable "deletion_protection" {
  description = "Refuse to destroy or replace what holds evidence. Lifting it takes an apply of its own."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Delete the delivered events with the bucket, the logstore and the log project on destroy. Takes effect once it has been applied."
  type        = bool
  default     = false
}
