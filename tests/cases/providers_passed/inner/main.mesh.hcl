resource "local_bucket" "to" {
  path = "to"
}
