locals {
  region  = "north"
  regions = ["north", "south"]
  hour    = 3
  order   = { id = 1, name = "a" }
  nothing = null
  zero    = 0
}

resource "local_object" "prices" {
  bucket  = local.regions
  key     = "prices.csv"
  content = local.order
}
