mesh {
  exchange_rate "EUR" {
    usd  = 1.25
    date = "2026-10-01"
  }
}

data_product "orders" {
  domain      = "sales"
  version     = "1.0.0"
  owner       = "sales@example.com"
  description = "Orders by day."

  budget {
    amount = 90
    period = "quarterly"
  }

  output "daily" {
    kind     = "table"
    location = terraform_data.table.output
  }
}

resource "terraform_data" "table" {
  input = "sqlite:///shop.db#daily"
}
