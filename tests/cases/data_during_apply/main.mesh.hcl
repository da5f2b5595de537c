resource "local_bucket" "notes" {
  path          = "notes"
  force_destroy = true
}

resource "local_object" "note" {
  bucket  = local_bucket.notes.path
  key     = "note.txt"
  content = "hello"
}

resource "terraform_data" "where" {
  input = local_object.note.sha256 == "" ? "" : "notes/note.txt"
}

data "local_file" "by_argument" {
  path = terraform_data.where.output
}

data "local_file" "by_depends_on" {
  path       = "notes/note.txt"
  depends_on = [local_object.note]
}

output "read" {
  value = [data.local_file.by_argument.content, data.local_file.by_depends_on.content]
}
