resource "terraform_data" "orders" {
}

import {
  to = terraform_data.orders
  id = "a"
}

import {
  to = terraform_data.orders
  id = "b"
}
