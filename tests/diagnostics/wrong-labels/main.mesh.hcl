resource "terraform_data" {
  input = "north"
}

variable "region" "north" {}
