variable "token" {
  default   = "secret"
  sensitive = true
}

output "token" {
  value = "Bearer ${var.token}"
}
