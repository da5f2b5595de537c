resource "local_bucket" "store" {
  provider = local.deep
  path     = "store"
}
