variable "name" {
  description = "Name of the trail."
  type        = string
  default     = "audit-trail"
}

variable "region" {
  description = "Home region of the trail."
  type        = string
}

variable "project_name" {
  description = "Log project. Project names are shared by all customers of the region."
  type        = string
}

variable "force_destroy" {
  description = "Let a destroy delete the log project with the logs in it. Takes effect once it has been applied."
  type        = bool
  default     = false
}
