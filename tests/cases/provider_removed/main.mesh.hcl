provider "local" {
  alias    = "archive"
  base_dir = "archive"
}

resource "local_bucket" "old" {
  provider = local.archive
  count    = 7
  path     = "old${count.index}"
}
