resource "terraform_data" "sales" {
}

moved {
  from = terraform_data.orders
  to   = module.sales
}

moved {
  from = terraform_data.sales
  to   = terraform_data.sales
}
