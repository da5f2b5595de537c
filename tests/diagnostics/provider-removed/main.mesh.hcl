resource "local_bucket" "old" {
  provider = local.archive
  path     = "old"
}

provider "local" {
  alias    = "archive"
  base_dir = "."
}
