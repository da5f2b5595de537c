resource "terraform_data" "orders" {
  count = 1
}

import {
  to = terraform_data.orders[1]
  id = "a"
}

import {
  to = terraform_data.sales
  id = "b"
}
