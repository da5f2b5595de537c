data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  output "daily" {
    kind = "table"

    schema {
      primary_key = ["day", "region", "day", "regoin"]

      column "day" {
        type     = "date"
        required = true
      }

      column "region" {
        type = "string"
      }
    }
  }
}
