mesh {
  prices = ["prices.csv"]

  budget {
    amount = 100
  }
}

domain "sales" {
  owner = "sales-data@example.com"
}
