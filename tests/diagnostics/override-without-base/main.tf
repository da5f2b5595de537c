variable "region" {
  default = "north"
}

locals {
  size = 1
}

resource "terraform_data" "a" {
  input = var.region
}
