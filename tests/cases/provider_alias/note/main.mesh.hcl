resource "local_bucket" "this" {
  path = "there"
}

resource "local_object" "this" {
  bucket  = local_bucket.this.path
  key     = "note.txt"
  content = "there\n"
}
