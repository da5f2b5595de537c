locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

output "a" {
  value = { for name in ["a", "b", "a"] : name => local.hour }
}
