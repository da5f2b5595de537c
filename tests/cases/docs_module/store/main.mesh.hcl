mesh {
  required_providers {
    local = {}
  }
}

variable "path" {
  description = "Where it is."
  type        = string
}

variable "rules" {
  description = "What becomes of old files, each by a pattern of their names and an age in days after which it is deleted."
  type = map(object({
    pattern = string
    days    = optional(number, 30)
  }))
  default = {
    all = {
      pattern = "*"
    }
  }

  validation {
    condition     = alltrue([for rule in var.rules : rule.days > 0])
    error_message = "Days are more than 0."
  }
}

variable "token" {
  type      = string
  default   = null
  sensitive = true
}

variable "anything" {}

resource "local_bucket" "this" {
  path = var.path
}

data "local_file" "seed" {
  path = "seed.csv"
}

module "inner" {
  source = "./inner"
}

output "id" {
  description = "What tells it from others."
  value       = local_bucket.this.id
}

output "token" {
  value     = var.token
  sensitive = true
}
