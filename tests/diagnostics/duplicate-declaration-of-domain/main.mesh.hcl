domain "sales" {
  owner = "sales-data@example.com"
}

domain "sales" {
  budget {
    amount = 1000
  }
}
