data_product "orders" {
  domain  = "sales.eu"
  version = "1.0.0"
  owner   = " "

  output "daily" {
    kind = "table"
    schema {
      primary_key = ["dya", "day", "id", "id"]
      column "day" {
        type = "date"
      }
      column "id" {
        type     = "uuid"
        required = true
      }
      column "day" {
        type = "date"
      }
    }
  }
  output "daily" {
    kind = "files"
  }
  input "people" {
    port = "people"
  }
}
