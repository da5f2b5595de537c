module "daily" {
  source = "./daily"
}
