locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = [for x in local.hour : x]
}

output "b" {
  value = [for x in local.regions : x if "maybe"]
}
