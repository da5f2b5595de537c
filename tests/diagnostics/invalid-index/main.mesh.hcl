locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = local.regions[5]
}

output "b" {
  value = local.regions["north"]
}

output "c" {
  value = local.order["hour"]
}

output "d" {
  value = local.hour[0]
}
