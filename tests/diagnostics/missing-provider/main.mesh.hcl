provider "local" {
  alias    = "archive"
  base_dir = "archive"
}

module "copy" {
  source = "./copy"

  providers = {
    local.from = local.archive
  }
}
