resource "local_bucket" "landing" {
  provider = "local"
  path     = "landing"
}

resource "local_bucket" "archive" {
  provider = local.archive.north
  path     = "archive"
}
