resource "local_bucket" "notes" {
  path          = "notes"
  force_destroy = true
}

resource "local_object" "note" {
  for_each = toset(["a", "b", "c"])
  bucket   = local_bucket.notes.path
  key      = "${each.key}.txt"
  content  = "note ${each.key}\n"
}

output "sizes" {
  value = { for key, note in local_object.note : key => note.size }
}
