mesh {
  budget {
    amount     = -100
    thresholds = [50, 120]
  }

  exchange_rate "EUR" {
    usd  = 0
    date = "2026-11-01"
  }

  price_override "free" {
    percent = -120
  }

  shared_cost "cluster" {
    resources = ["local_bucket.cluster"]
    shares    = { "sales.orders" = -10 }
  }
}
