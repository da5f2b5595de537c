variable "secret" {
  default   = "north"
  sensitive = true
}

provider "local" {
  alias    = "by_region"
  for_each = { north = "north", south = "south" }
  base_dir = each.value
}

provider "local" {
  alias    = "one"
  base_dir = "one"
}

resource "local_bucket" "a" {
  provider = local.by_region
  path     = "a"
}

resource "local_bucket" "b" {
  provider = local.one["north"]
  path     = "b"
}

provider "local" {
  for_each = { north = "north" }
  version  = "~> 1.0"
}
