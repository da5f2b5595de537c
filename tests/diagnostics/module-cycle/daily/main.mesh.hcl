module "weekly" {
  source = "../weekly"
}
