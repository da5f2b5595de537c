variable "name" {
  type = strng
}

resource "terraform_data" "a" {
  input = [1, 2
}

resource "terraform_data" "b" {
  input = upper(var.nam)
  size  = 1
}

output "c" {
  value = terraform_data.a.output + true
}
