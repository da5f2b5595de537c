locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = upper(local.regions)
}

output "b" {
  value = length(local.hour)
}

output "c" {
  value = substr(local.region, "first", 2)
}

output "d" {
  value = join(",", local.hour)
}
