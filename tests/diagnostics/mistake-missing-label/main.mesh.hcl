resource "terraform_data" {
  input = 1
}

variable {
  default = 1
}

output a b {
  value = 1
}
