locals {
  a = if true then 1 else 2
}

if var.enabled {
  resource "terraform_data" "a" {}
}
