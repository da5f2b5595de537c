module "daily" {
  source  = "./daily"
  version = "~> 1.0"

  providers = {
    local = local.archive
  }
}

provider "local" {
  alias = "archive"
}
