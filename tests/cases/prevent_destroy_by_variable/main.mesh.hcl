variable "production" {
  default = true
}

locals {
  keep = var.production
}

resource "terraform_data" "orders" {
  input = "orders"

  lifecycle {
    prevent_destroy = local.keep
  }
}
