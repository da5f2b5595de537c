module "copy" {
  source = "./copy"

  providers = {
    lake = terraform
  }
}
