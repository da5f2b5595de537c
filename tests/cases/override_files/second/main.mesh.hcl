variable "name" {}

output "name" {
  value = "second ${var.name}"
}
