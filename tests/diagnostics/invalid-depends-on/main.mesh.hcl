resource "terraform_data" "a" {
  depends_on = terraform_data.b
}

resource "terraform_data" "b" {
  depends_on = ["not a reference", local.c, path.module, terraform_data.c]
}

resource "terraform_data" "c" {}

locals {
  c = 1
}
