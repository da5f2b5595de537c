mesh {
  currency = "EUR"

  exchange_rate "EUR" {
    usd  = 1.25
    date = "2026-11-01"
  }

  budget {
    amount = 1000
  }
}

domain "sales" {
  budget {
    amount   = 300
    currency = "EUR"
    period   = "quarterly"
    basis    = "high"
  }
}

resource "terraform_data" "region" {
  input = "north"
}
