locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = max(local.hour...)
}

output "b" {
  value = max(local.nothing...)
}
