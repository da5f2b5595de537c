locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = jsondecode("{")
}

output "b" {
  value = file("prices.csv")
}

output "d" {
  value = regex("[", local.region)
}
