variable "directory" {
  type      = string
  ephemeral = true
}

output "directory" {
  value     = var.directory
  ephemeral = true
}
