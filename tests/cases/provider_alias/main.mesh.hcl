provider "local" {
  alias    = "there"
  base_dir = "elsewhere"
}

resource "local_bucket" "here" {
  path = "here"
}

resource "local_object" "here" {
  bucket  = local_bucket.here.path
  key     = "note.txt"
  content = "here\n"
}

resource "local_bucket" "there" {
  provider = local.there
  path     = "there"
}

resource "local_object" "there" {
  provider = local.there
  bucket   = local_bucket.there.path
  key      = "note.txt"
  content  = "there\n"
}
