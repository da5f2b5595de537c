module "orders" {
  source = "./orders"
}

module "report" {
  source = "./report"
  orders = module.orders.product
}
