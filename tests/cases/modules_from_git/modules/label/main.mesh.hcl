variable "kind" {
  type = string
}

variable "name" {
  type = string
}

output "text" {
  value = "${var.kind} ${var.name}"
}
