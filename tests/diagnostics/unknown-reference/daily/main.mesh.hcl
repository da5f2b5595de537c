output "table" {
  value = var.name
}
