module "daily" {
  source = "./daily"
  region = null
}
