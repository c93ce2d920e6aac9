variable "project_name" {
  description = "Log project to which the trail delivers; the alerts are made in it."
  type        = string
  nullable    = false
}

variable "logstore_name" {
  description = "Logstore that ActionTrail made for the trail: actiontrail_<trail name>."
  type        = string
  nullable    = false
}

variable "archive_bucket" {
  description = "Bucket to which the trail delivers. Null leaves out the alert about its changes."
  type        = string
  default     = null
}

variable "oss_access_log" {
  description = "Logstore with the access log of OSS, for CIS 2.14. Null leaves that alert out: the events of a trail do not hold what it looks for."
  type = object({
    project_name  = string
    logstore_name = string
  })
  default = null
}

variable "email" {
  description = "Address that is notified."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", var.email))
    error_message = "The address must be one e-mail address, such as security@example.com."
  }
}

variable "name" {
  description = "First part of the ids of the action policy and its receiver, which belong to the account: another one for each use of the module."
  type        = string
  default     = "audit-trail"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_.-]{2,40}$", var.name))
    error_message = "The name must have 3 to 41 letters, digits, underscores, hyphens and dots, and begin with a letter."
  }
}

variable "receiver_name" {
  description = "Name that messages show for the receiver, at most 20 characters."
  type        = string
  default     = "Security"
  nullable    = false
}

variable "region" {
  description = "Region of the log project. Null takes the provider's."
  type        = string
  default     = null
}

variable "interval_minutes" {
  description = "Minutes between two looks at the logs. Each look covers twice that time, because events take a few minutes to arrive."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = var.interval_minutes >= 1 && var.interval_minutes <= 720 && floor(var.interval_minutes) == var.interval_minutes
    error_message = "The interval must be a whole number of minutes, 1 to 720."
  }
}

variable "without" {
  description = "Alerts to leave out, by their names in the output queries."
  type        = set(string)
  default     = []
  nullable    = false
}
