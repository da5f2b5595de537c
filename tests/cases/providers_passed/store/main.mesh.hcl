resource "local_bucket" "store" {
  path = "store"
}
