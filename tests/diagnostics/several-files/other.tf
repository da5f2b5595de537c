resource "local_bucket" "landing" {
  pth = "landing"
}
