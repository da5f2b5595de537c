variable "limit" {
  type = number
}

data_product "orders" {
  domain  = "sales"
  owner   = "sales-data@example.com"
  version = "1.0.0"

  budget {
    amount     = var.limit
    on_exceed  = "warn"
    thresholds = [80]
  }
}

resource "local_bucket" "landing" {
  path = "landing"
}

output "allowed" {
  value = "${data_product.orders.budget.amount} ${data_product.orders.budget.currency} ${data_product.orders.budget.period}"
}
