locals {
  name = "start"
}

resource "terraform_data" "a" {
  input = local.name
}

resource "terraform_data" "b" {
  count = 2
  input = "${terraform_data.a.output}-${count.index}"
}

module "last" {
  source = "./last"
  names  = terraform_data.b[*].output
}

resource "terraform_data" "c" {
  input = module.last.joined
}
