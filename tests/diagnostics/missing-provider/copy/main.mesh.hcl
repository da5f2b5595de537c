mesh {
  required_providers {
    local = {
      configuration_aliases = [local.from, local.to]
    }
  }
}

resource "local_bucket" "to" {
  provider = local.to
  path     = "to"
}
