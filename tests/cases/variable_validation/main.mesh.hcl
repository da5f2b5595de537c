variable "region" {
  type = string

  validation {
    condition     = contains(["north", "south"], var.region)
    error_message = "There is no region ${var.region}: take north or south."
  }
}

variable "workers" {
  type    = number
  default = 1

  validation {
    condition     = var.workers > 0
    error_message = "At least one worker is needed."
  }
}

output "plan" {
  value = "${var.workers} in ${var.region}"
}
