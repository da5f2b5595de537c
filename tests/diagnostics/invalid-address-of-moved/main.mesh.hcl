moved {
  from = terraform_data.orders[var.which]
  to   = terraform_data.sales
}

moved {
  from = terraform_data.orders.id
  to   = var.sales
}

moved {
  from = module
  to   = module.warehouse[*]
}
