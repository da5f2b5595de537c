data_product "orders" {
  domain      = "sales"
  version     = "1.0.0"
  owner       = "sales@example.com"
  description = "Orders by day."

  output "daily" {
    kind     = "table"
    location = terraform_data.table.output

    schema {
      primary_key = ["day"]

      column "day" {
        type     = "date"
        required = true
      }

      column "orders" {
        type           = "integer"
        classification = "internal"
      }
    }
  }
}

resource "terraform_data" "table" {
  input = "sqlite:///shop.db#daily"
}
