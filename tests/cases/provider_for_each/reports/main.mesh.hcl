resource "local_bucket" "reports" {
  path = "reports"
}
