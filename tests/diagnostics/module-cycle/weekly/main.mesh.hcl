module "daily" {
  source = "../daily"
}
