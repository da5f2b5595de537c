data_product "orders" {
  domain  = "sales"
  version = "1.0"
  owner   = "sales-data@example.com"
}
