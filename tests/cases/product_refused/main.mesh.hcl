data_product "orders" {
  domain  = "Sales Department"
  version = "1.0"
  owner   = "sales@example.com"

  output "daily" {
    kind     = "tabel"
    location = "here"

    schema {
      primary_key = ["date"]

      column "day" {
        type           = "dat"
        classification = "secret"
      }

      column "day" {
        type = "date"
      }
    }
  }
}

data_product "second" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales@example.com"
}
