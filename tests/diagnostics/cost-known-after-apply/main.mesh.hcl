resource "local_bucket" "landing" {
  path = "landing"
}

mesh {
  budget {
    amount = 100 + length(local_bucket.landing.mode)
  }
}

data_product "orders" {
  domain  = "sales"
  owner   = "sales-data@example.com"
  version = "1.0.0"

  budget {
    amount = length(local_bucket.landing.mode)
  }
}
