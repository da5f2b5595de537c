module "daily" {
  source  = "./daily"
  version = "~> 1.0"
}
