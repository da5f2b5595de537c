variable "2nd_region" {}

output "daily orders" {
  value = 1
}

resource "terraform_data" "ok" {}
