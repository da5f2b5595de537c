mesh {
  budget {
    amount   = 100
    currency = "Euro"
  }

  exchange_rate "euro" {
    usd  = 1.08
    date = "2026-11-01"
  }
}
