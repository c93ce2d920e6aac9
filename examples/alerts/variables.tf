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

variable "email" {
  description = "Address that is notified."
  type        = string
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
