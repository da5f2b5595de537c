variable "region" {}

resource "terraform_data" "region" {
  input = var.region
}
