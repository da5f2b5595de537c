data "local_file" "prices" {
  path = "prices.csv"

  lifecycle {
    prevent_destroy = true
  }
}
