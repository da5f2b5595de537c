removed {
  from = terraform_data.orders
  lifecycle {
    destroy = false
  }
}

removed {
  from = terraform_data.orders
}
