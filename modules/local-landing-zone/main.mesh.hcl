resource "local_bucket" "this" {
  path          = var.path
  mode          = var.mode
  force_destroy = var.force_destroy
}

resource "local_object" "this" {
  for_each = var.files

  bucket = local_bucket.this.id
  key    = each.key
  source = each.value
}
