resource "local_object" "this" {
bucket="b"
key = "k"
  content_type    =     "text/plain"
}
