data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  output "daily" "table" {
    kind = "table"

    schema "v1" {
      column "day" {
        type = "date"
      }
    }
  }
}
