resource "terraform_data" "region" {
  input = var.region
}

resource "terraform_data" "copy" {
  input = terraform_data.region.output
}

variable "region" {
  default = "north"
}
