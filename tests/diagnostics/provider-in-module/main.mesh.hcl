module "store" {
  source = "./store"
  count  = 2
}
