provider "local" {
  alias    = "north"
  base_dir = "north"
}

provider "local" {
  alias    = "south"
  base_dir = "south"
}

resource "local_bucket" "landing" {
  provider = local.north
  path     = "landing"
}
