resource "terraform_data" "orders" {
}

removed {
  from = terraform_data.orders
  lifecycle {
    destroy = false
  }
}
