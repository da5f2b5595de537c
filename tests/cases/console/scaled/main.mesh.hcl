variable "by" {
  type = number
}

resource "terraform_data" "inner" {
  input = var.by
}

output "by" {
  value = var.by * 10
}

output "inner" {
  value = terraform_data.inner.output
}
