resource "terraform_data" "table" {
  input = "sqlite:///shop.db#daily"
}

data_product "orders" {
  domain  = "sales"
  version = "2.1.0"
  owner   = "sales@example.com"

  output "daily" {
    kind     = "table"
    location = terraform_data.table.output
  }
}

output "product" {
  value = data_product.orders
}
