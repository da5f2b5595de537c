data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  output "daily" {
    kind = "table"

    schema {
      column "day" {
        type = "date"
      }

      column "day" {
        type = "string"
      }
    }
  }

  output "daily" {
    kind = "files"
  }
}
