resource "local_bucket" "archive" {
  provider = local.archive
  path     = "archive"
}
