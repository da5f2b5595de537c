resource "terraform_data" "sales" {
}

moved {
  from = terraform_data.orders
  to   = terraform_data.sales
}

moved {
  from = terraform_data.items
  to   = terraform_data.sales
}

moved {
  from = terraform_data.orders
  to   = terraform_data.returns
}
