variable "name" {
  description = "Name of the trail. The bucket is called the same, followed by the id of the archive account."
  type        = string
  default     = "organization-trail"
}

variable "region" {
  description = "Home region of the trail, and region of the archive. The trail records every region either way."
  type        = string
}

variable "archive_account_id" {
  description = "Account that keeps the archive."
  type        = string
}

variable "member_role_name" {
  description = "Role that is assumed in other accounts. Null takes the one that the Resource Directory makes in each."
  type        = string
  default     = null
}

variable "folder_id" {
  description = "Roll out to the accounts of this folder and of those below only. Null takes all."
  type        = string
  default     = null
}

variable "waves" {
  description = "Number of waves, besides that of the canaries."
  type        = number
  default     = 4
}

variable "wave" {
  description = "Roll out up to this wave: 0 for the canaries alone, the number of waves for all accounts."
  type        = number
  default     = 0

  validation {
    condition     = var.wave >= 0 && floor(var.wave) == var.wave
    error_message = "The wave must be a whole number of 0 and above."
  }
}

variable "canaries" {
  description = "Accounts of wave 0."
  type        = set(string)
  default     = []
}

variable "excluded_account_ids" {
  description = "Accounts that are left alone."
  type        = set(string)
  default     = []
}

variable "unreachable_accounts" {
  description = "\"error\" fails the refresh where an account cannot be entered, \"keep\" leaves its resources as the state has them."
  type        = string
  default     = "error"
}

variable "quota_share" {
  description = "Part of the API quotas that this run may use; jobs that run side by side divide them."
  type        = number
  default     = 1
}

variable "global_events_region" {
  description = "Region that stores events of services without a region."
  type        = string
  default     = "ap-southeast-1"
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

variable "deletion_protection" {
  description = "Refuse to destroy or replace what holds evidence. Lifting it takes an apply of its own."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Delete the delivered events with the bucket on destroy. Takes effect once it has been applied."
  type        = bool
  default     = false
}
