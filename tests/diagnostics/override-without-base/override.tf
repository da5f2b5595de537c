variable "regoin" {
  default = "south"
}

resource "terraform_data" "aa" {
  input = 1
}

data "terraform_data" "a" {}

locals {
  sizes = 2
}

module "child" {
  source = "./child"
}

resource "terraform_data" "a" {
  inputs = 1
}
