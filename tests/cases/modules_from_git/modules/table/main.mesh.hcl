module "more" {
  source = "git::https://git.example.com/more"
}

output "label" {
  value = module.more.text
}
