data_product "orders" {
  domain = "sales"

  output "daily" {
    location = "landing"
  }

  input "prices" {}
}
