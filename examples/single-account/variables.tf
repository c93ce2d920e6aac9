variable "name" {
  description = "Name of the trail."
  type        = string
  default     = "audit-trail"
}

variable "region" {
  description = "Home region of trail, bucket and log project. Null takes it from the environment or the profile."
  type        = string
  default     = null
}

variable "retention_days" {
  description = "Days that the archive keeps a delivered object."
  type        = number
  default     = 1095
}

variable "log_retention_days" {
  description = "Days that the logstore keeps events; 3650 keeps them for ever."
  type        = number
  default     = 3650
}

variable "kms_key_id" {
  description = "KMS key that encrypts the archive; null for keys that OSS manages."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of bucket and log project."
  type        = map(string)
  default     = { managed-by = "terraform" }
}

variable "deletion_protection" {
  description = "Refuse to destroy or replace what holds evidence. Switch it off in an apply of its own before a destroy."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "Let a destroy delete the evidence too."
  type        = bool
  default     = false
}

variable "generation" {
  description = "Raise it to replace the trail without a gap."
  type        = number
  default     = 1
}
