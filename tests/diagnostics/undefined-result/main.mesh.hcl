locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = local.zero / local.zero
}

output "b" {
  value = 1 / 0 - 1 / 0
}
