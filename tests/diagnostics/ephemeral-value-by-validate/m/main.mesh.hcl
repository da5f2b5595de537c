variable "plain" {}

variable "open" {
  ephemeral = true
}

output "open" {
  value = var.open
}
