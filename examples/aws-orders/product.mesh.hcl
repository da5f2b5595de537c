data_product "orders" {
  domain      = "sales"
  version     = "1.0.0"
  owner       = "sales-data@example.com"
  description = "What was ordered and delivered, day by day and region by region."

  tags = {
    tier = "gold"
  }

  budget {
    amount     = var.monthly_budget
    thresholds = [80]
  }

  output "orders_daily" {
    kind        = "table"
    location    = "s3://${aws_s3_bucket.orders.bucket}/orders_daily/"
    description = "One row a day and region with at least one delivered order."

    schema {
      primary_key = ["order_date", "region"]

      column "order_date" {
        type           = "date"
        required       = true
        classification = "internal"
        description    = "The day on which the orders were placed."
      }

      column "region" {
        type           = "string"
        required       = true
        classification = "internal"
        description    = "The sales region: north, south, east or west."
      }

      column "orders" {
        type           = "integer"
        required       = true
        classification = "internal"
        description    = "How many orders were delivered."
      }

      column "units" {
        type           = "integer"
        required       = true
        classification = "internal"
        description    = "How many articles they held."
      }

      column "revenue" {
        type           = "number"
        required       = true
        classification = "confidential"
        description    = "What they brought in, in euros."
      }
    }
  }
}
