data_product "orders" {
  domain  = "Sales & more"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  output "Daily Orders" {
    kind = "table"
  }
}
