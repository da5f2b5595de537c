module "copy" {
  source = "./copy"

  providers = {
    local = local
  }
}
