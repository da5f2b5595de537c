resource "local_bucket" "a" {
  bucket = "a"
  lifecycle {
    prevent_destroy = true
}

resource "local_bucket" "b" {
  bucket = "b"
}
