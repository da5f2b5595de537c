resource "local_bucket" "store" {
  path          = "store"
  mode          = "0755"
  force_destroy = true
}

resource "local_object" "note" {
  bucket  = local_bucket.store.path
  key     = "note.txt"
  content = "note\n"
}

output "size" {
  value = local_object.note.size
}
