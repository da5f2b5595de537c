module "daily" {
  source = "./daily.tar"
}
