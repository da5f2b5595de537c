variable "size" {
  type    = number
  default = 2
}

variable "zones" {
  type = list(string)
}

variable "password" {
  default   = "hunter2"
  sensitive = true
}

locals {
  doubled = var.size * 2
  made    = terraform_data.many[*].output
}

resource "terraform_data" "one" {
  input = { name = "one", at = ["here"] }
}

resource "terraform_data" "many" {
  count = var.size
  input = count.index
}

resource "terraform_data" "keyed" {
  for_each = toset(["a", "b"])
  input    = each.key
}

resource "terraform_data" "none" {
  count = 0
}

module "scaled" {
  source = "./scaled"
  by     = local.doubled
}
