locals {
  replicas = "three"
}

resource "terraform_data" "text" {
  count = local.replicas
}

resource "terraform_data" "fraction" {
  count = 1.5
}

resource "terraform_data" "negative" {
  count = -1
}

resource "terraform_data" "nothing" {
  count = null
}

resource "terraform_data" "list" {
  count = ["a", "b"]
}
