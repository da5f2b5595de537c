locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = local.region + 1
}

output "b" {
  value = !local.hour
}

output "c" {
  value = local.regions && true
}

output "d" {
  value = -local.region
}
