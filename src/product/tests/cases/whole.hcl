data_product "orders" {
  domain      = "sales"
  version     = "1.2.0"
  owner       = "team-orders"
  description = "Every order."
  tags        = { tier = "gold" }

  output "raw" {
    kind     = "files"
    location = local_bucket.landing.url
  }

  output "daily" {
    kind        = "table"
    location    = "sqlite:///w.db#daily"
    description = "Orders a day."

    schema {
      primary_key = ["day"]

      column "day" {
        type           = "date"
        required       = true
        classification = "public"
      }
      column "amount" {
        type        = "decimal(12,2)"
        description = "In euros."
      }
    }
  }

  input "people" {
    port = data_product.people.ports.all
  }
  input "more" {
    port        = "sales.orders/raw@1.0.0"
    description = "What else there is."
  }
}
