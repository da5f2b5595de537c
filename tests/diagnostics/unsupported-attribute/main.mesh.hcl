locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

resource "terraform_data" "region" {
  input = "north"
}
output "a" {
  value = local.order.nmae
}

output "b" {
  value = local.region.name
}

output "c" {
  value = terraform_data.region.inputs
}
