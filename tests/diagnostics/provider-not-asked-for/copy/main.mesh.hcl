mesh {
  required_providers {
    local = {
      configuration_aliases = [local.from]
    }
  }
}

provider "local" {
  base_dir = "copies"
}
