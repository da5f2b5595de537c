variable "names" {
  type = list(string)
}

output "joined" {
  value = join(", ", var.names)
}
