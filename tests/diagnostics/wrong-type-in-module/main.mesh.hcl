module "daily" {
  source  = "./daily"
  regions = "north"
}
