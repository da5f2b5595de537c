provider "local" {
  base_dir = "here"
}

provider "local" {
  alias    = "archive"
  base_dir = "archive"
}

module "plain" {
  source = "./store"
}

module "archived" {
  source = "./store"

  providers = {
    local = local.archive
  }
}

module "copy" {
  source = "./copy"

  providers = {
    lake.from = local
    lake.to   = local.archive
  }
}
