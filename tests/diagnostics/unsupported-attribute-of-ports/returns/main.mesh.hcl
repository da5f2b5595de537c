variable "prices" {}

data_product "returns" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  input "prices" {
    port = var.prices
  }

  input "orders" {
    port = "sales.orders/weekly@1.0.0"
  }
}
