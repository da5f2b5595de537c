resource "local_bucket" "landing" {
  path = "landing"
}

usage "local_bucket" {
  storage_gb = 500
}

usage "local_bucket.landign" {
  storage_gb = 500
}

usage "module.orders" {
  storage_gb = 500
}
