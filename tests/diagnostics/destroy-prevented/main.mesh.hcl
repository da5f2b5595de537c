resource "terraform_data" "region" {
  triggers_replace = var.region

  lifecycle {
    prevent_destroy = true
  }
}

variable "region" {
  default = "north"
}
