data_product "orders" {
  domain  = "sales.eu"
  version = "1.0"
  owner   = " "

  output "daily" {
    kind     = "tabel"
    location = var.secret
    schema {
      primary_key = ["dya", "day", "day"]
      column "day" {
        type           = "datetime"
        classification = "secret"
      }
    }
  }
  input "people" {
    port = ["people"]
  }
}
