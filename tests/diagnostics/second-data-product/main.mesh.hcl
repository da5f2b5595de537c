data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"
}

data_product "returns" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"
}
