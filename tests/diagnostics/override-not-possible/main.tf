variable "region" {
  default = "north"
}

resource "terraform_data" "a" {
  input = var.region
}

output "a" {
  value = terraform_data.a.id
}
