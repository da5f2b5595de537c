variable "name" {
  type = string
}

module "label" {
  source = "../label"
  kind   = "bucket"
  name   = var.name
}

output "label" {
  value = "${module.label.text} (${path.module})"
}
