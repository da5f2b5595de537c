locals {
  version = "1"
}

resource "terraform_data" "kept" {
  input            = "precious"
  triggers_replace = local.version

  lifecycle {
    prevent_destroy = true
  }
}
