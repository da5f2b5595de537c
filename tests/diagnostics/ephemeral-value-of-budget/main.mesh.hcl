variable "limit" {
  type      = number
  ephemeral = true
}

domain "sales" {
  budget {
    amount = var.limit
  }
}
