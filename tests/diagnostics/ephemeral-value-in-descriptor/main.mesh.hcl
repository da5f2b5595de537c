variable "token" {
  default   = "secret"
  ephemeral = true
}

data_product "orders" {
  domain      = "sales"
  version     = "1.0.0"
  owner       = "sales-data@example.com"
  description = "Read it with ${var.token}."
}
