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
