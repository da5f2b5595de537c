variable "token" {
  type      = string
  ephemeral = true
  default   = "canary"
}

locals {
  header = "Bearer ${var.token}"
}

resource "terraform_data" "a" {
  input = { header = local.header }
}

resource "terraform_data" "b" {
  count = length(var.token)
}

resource "terraform_data" "c" {
  for_each = toset([var.token])
}

resource "terraform_data" "d" {
  lifecycle {
    enabled = var.token == ""
  }
}

data "local_file" "e" {
  path = var.token
}

module "m" {
  source = "./m"
  plain  = var.token
  open   = var.token
}

output "f" {
  value = local.header
}

output "g" {
  value = mesh.applying
}

module "n" {
  source = "./n"
  token  = var.token
}

output "h" {
  value = module.n.token
}
