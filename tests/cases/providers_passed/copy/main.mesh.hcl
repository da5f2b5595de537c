mesh {
  required_providers {
    lake = {
      source                = "mesh/local"
      configuration_aliases = [lake.from, lake.to]
    }
  }
}

resource "local_bucket" "from" {
  provider = lake.from
  path     = "from"
}

module "inner" {
  source = "../inner"

  providers = {
    local = lake.to
  }
}
