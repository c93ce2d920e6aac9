variable "name" {
  description = "Name of the trail."
  type        = string
  default     = "data-trail"
}

variable "region" {
  description = "Home region of the trail."
  type        = string
}

variable "project_name" {
  description = "Log project for management events. Project names are shared by all customers of the region."
  type        = string
}

variable "data_regions" {
  description = "Regions whose data events are recorded."
  type        = set(string)
}

variable "watched_buckets" {
  description = "Buckets whose reads are recorded, ten at most."
  type        = list(string)

  validation {
    condition     = length(var.watched_buckets) >= 1 && length(var.watched_buckets) <= 10
    error_message = "A selector takes 1 to 10 buckets. Use patterns such as customer-*, or more selectors."
  }
}

variable "force_destroy" {
  description = "Let a destroy delete the log project with the logs in it. Takes effect once it has been applied."
  type        = bool
  default     = false
}
