locals {
  x = 10
}

output "name" {
  sensitive = false
}

variable "name" {
  default = 5
}

variable "count_of" {
  type = string
}

resource "terraform_data" "a" {
  count = 1
  input = "override"

  lifecycle {
    prevent_destroy = true
  }
}

module "child" {
  source = "./second"
}
