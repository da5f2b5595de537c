resource "terraform_data" "landing" {
  input = local.names
}

locals {
  names = [terraform_data.curated.output]
}

resource "terraform_data" "curated" {
  depends_on = [module.daily]
}

module "daily" {
  source = "./daily"
  region = terraform_data.landing.output
}

resource "terraform_data" "itself" {
  input = terraform_data.itself.id
}
