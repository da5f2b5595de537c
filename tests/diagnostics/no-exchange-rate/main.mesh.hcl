mesh {
  currency = "CHF"

  exchange_rate "EUR" {
    usd  = 1.08
    date = "2026-11-01"
  }
}

domain "sales" {
  budget {
    amount   = 1000
    currency = "EUU"
  }
}

data_product "orders" {
  domain  = "sales"
  owner   = "sales-data@example.com"
  version = "1.0.0"

  budget {
    amount   = 100
    currency = "GBP"
  }
}
