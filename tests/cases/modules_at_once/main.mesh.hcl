module "label" {
  source = "git::file:///tmp/mesh-directory/modules"
}

resource "terraform_data" "label" {
  input = module.label.text
}

output "label" {
  value = terraform_data.label.output
}
