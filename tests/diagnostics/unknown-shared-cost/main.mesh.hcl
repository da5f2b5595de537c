resource "local_bucket" "landing" {
  path = "landing"
}

mesh {
  shared_cost "storage" {
    resources = ["local_bucket.landing", "local_bucket.landign"]
    shares    = { "sales.orders" = 100 }
  }
}
