resource "local_bucket" "a" {
  lifecycle {
    prevent_destroy = true

  bucket = "a"
}

resource "local_bucket" "b" {
  bucket = 'b'
}
