variable "name" {
  type = string
}

variable "desks" {
  type = number
}

module "desk" {
  source = "../desk"
  count  = var.desks

  label = "${var.name}/${count.index}"
}

output "desks" {
  value = module.desk[*].label
}
