module "bucket" {
  source = "git::https://git.example.com/modules//bucket?ref=main"
  name   = "landing"
}

module "table" {
  source = "git::https://git.example.com/modules//table?ref=v1.0.0"
}

output "bucket" {
  value = module.bucket.label
}

output "table" {
  value = module.table.label
}
