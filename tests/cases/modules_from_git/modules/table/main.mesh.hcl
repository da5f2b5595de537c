module "more" {
  source = "git::file:///tmp/mesh-directory/more"
}

output "label" {
  value = module.more.text
}
