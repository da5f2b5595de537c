variable "count_of" {
  type        = number
  default     = 1
  description = "How many."
}

variable "name" {
  default = "base"
}

locals {
  x = 1
  y = 2
}

locals {
  z = 3
}

output "name" {
  value     = "${var.name} ${var.count_of}"
  sensitive = true
}

output "z" {
  value = local.z
}

resource "terraform_data" "a" {
  count            = 2
  input            = "base"
  triggers_replace = local.y

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [triggers_replace]

    precondition {
      condition     = local.x == 10
      error_message = "The precondition of the base is kept."
    }
  }
}

module "child" {
  source = "./first"
  name   = "base"
}

data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales@example.com"

  output "daily" {
    kind = "files"
  }

  output "weekly" {
    kind = "files"
  }
}

output "child" {
  value = module.child.name
}
