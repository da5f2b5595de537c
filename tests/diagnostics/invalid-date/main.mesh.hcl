mesh {
  exchange_rate "EUR" {
    usd  = 1.08
    date = "01.11.2026"
  }
}
