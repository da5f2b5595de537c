resource "terraform_data" "orders" {
  count = 2
}

moved {
  from = terraform_data.orders[1]
  to   = terraform_data.sales
}

resource "terraform_data" "sales" {
}
