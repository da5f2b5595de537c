variable "password" {
  sensitive = true
}

resource "terraform_data" "a" {
  input = var.password
}
