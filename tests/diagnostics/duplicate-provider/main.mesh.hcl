module "copy" {
  source = "./copy"

  providers = {
    local   = local
    "local" = local
    other   = 1
  }
}

module "again" {
  source    = "./copy"
  providers = [local]
}
