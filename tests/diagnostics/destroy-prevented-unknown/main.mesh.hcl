variable "region" {
  default = "north"
}

resource "terraform_data" "token" {
  input = var.region
}

locals {
  keep = terraform_data.token.output == "north"
}

resource "terraform_data" "region" {
  triggers_replace = var.region

  lifecycle {
    prevent_destroy = local.keep
  }
}
