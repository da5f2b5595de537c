variable "currency" {
  type = string
}

mesh {
  currency = var.currency

  exchange_rate "EUR" {
    usd  = 1.08
    date = "2026-11-01"
  }
}

resource "terraform_data" "region" {
  input = "north"
}
