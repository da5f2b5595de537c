variable "regions" {
  type = list(string)
}

output "regions" {
  value = var.regions
}
