module "store" {
  source = "./store"
  where  = "archive"
}
