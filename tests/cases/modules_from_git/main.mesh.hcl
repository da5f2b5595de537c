module "bucket" {
  source = "git::file:///tmp/mesh-directory/modules//bucket?ref=main"
  name   = "landing"
}

module "table" {
  source = "git::file:///tmp/mesh-directory/modules//table?ref=v1.0.0"
}

output "bucket" {
  value = module.bucket.label
}

output "table" {
  value = module.table.label
}
