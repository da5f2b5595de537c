resource "local_file" "note" {
  filename = "note.txt"
  content  = "hello"
}

data "local_file" "other" {
  filename = "other.txt"
}
