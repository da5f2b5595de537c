module "orders" {
  source = "./orders"
  limit  = 100
}

