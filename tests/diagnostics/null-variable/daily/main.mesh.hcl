variable "region" {
  type     = string
  nullable = false
}

output "region" {
  value = var.region
}
