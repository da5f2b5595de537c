data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = " "
}
