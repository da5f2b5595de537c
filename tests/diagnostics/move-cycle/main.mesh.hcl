moved {
  from = terraform_data.orders
  to   = terraform_data.sales
}

moved {
  from = terraform_data.sales
  to   = terraform_data.orders
}
