variable "secret" {
  default   = "hidden"
  sensitive = true
}

provider "local" {
  alias    = "by_region"
  for_each = { north = "north", south = "south" }
  base_dir = each.value
}

resource "local_bucket" "a" {
  provider = local.by_region["east"]
  path     = "a"
}

resource "local_bucket" "b" {
  provider = local.by_region[var.secret]
  path     = "b"
}

resource "local_bucket" "c" {
  provider = local.by_region[["north"]]
  path     = "c"
}
