variable "limit" {
  type      = number
  default   = 5000
  sensitive = true
}

mesh {
  budget {
    amount = var.limit
  }
}
