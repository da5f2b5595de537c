resource "local_bucket" "store" {
  path = "store"
}

resource "local_object" "copy" {
  bucket = local_bucket.store.path
  key    = "copy.csv"
  source = "data.csv"
}
