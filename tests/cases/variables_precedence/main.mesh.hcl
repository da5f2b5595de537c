variable "from" {
  default = "default"
}

output "from" {
  value = var.from
}
