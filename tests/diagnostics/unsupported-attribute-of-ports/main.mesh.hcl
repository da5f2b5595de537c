data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  output "daily" {
    kind = "table"
  }
}

module "returns" {
  source = "./returns"
  prices = data_product.orders.ports.dayly
}
