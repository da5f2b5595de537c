module "daily" {
  source = "./modules/daily"
}
