variable "label" {
  type = string
}

resource "terraform_data" "this" {
  input = var.label
}

output "label" {
  value = terraform_data.this.output
}
