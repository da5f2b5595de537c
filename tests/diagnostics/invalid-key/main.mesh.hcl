locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = { (local.nothing) = 1 }
}

output "b" {
  value = { (local.regions) = 1 }
}
