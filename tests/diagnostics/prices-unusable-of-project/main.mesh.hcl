mesh {
  prices = ["prices.csv", "missing.csv"]
}
