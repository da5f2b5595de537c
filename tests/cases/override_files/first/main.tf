variable "name" {}

output "name" {
  value = "first ${var.name}"
}
