provider "local" {
  alias    = "archive"
  base_dir = "archive"
}

module "copy" {
  source = "./copy"

  providers = {
    local     = local.archive
    local.frm = local.archive
    terraform = terraform
  }
}
