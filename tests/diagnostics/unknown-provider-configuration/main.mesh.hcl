provider "local" {
  alias    = "archive"
  base_dir = "archive"
}

resource "local_bucket" "archive" {
  provider = local.archives
  path     = "archive"
}

module "store" {
  source = "./store"

  providers = {
    local = local.elsewhere
  }
}
