resource "terraform_data" "a" {
  input = terraform_data.b.output
}

locals {
  c = terraform_data.a.output
}

resource "terraform_data" "b" {
  input = local.c
}
