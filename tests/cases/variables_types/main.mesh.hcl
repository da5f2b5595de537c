variable "number" {
  type     = number
  nullable = false
}

variable "list" {
  type = list(string)
}

variable "object" {
  type = object({ name = string, size = optional(number, 1) })
}

variable "flag" {
  type = bool
}

variable "text" {
  type        = string
  description = "Any text."
}

output "all" {
  value = [var.number + 1, var.list, var.object, var.flag, var.text]
}
