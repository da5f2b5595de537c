data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"
  onwer2 = 1

  outputs "daily" {}

  output "daily" {
    name = "daily"
    kind = "table"
  }
}
