variable "region" {
  default = "north"
}

locals {
  bucket = "${var.regoin}-orders"
}

resource "local_bucket" "landing" {
  path = local.buckets
}

resource "local_object" "prices" {
  bucket  = local_bucket.landng.path
  key     = "prices.csv"
  content = data.local_file.prices.content
}

module "daily" {
  source = "./daily"
}

output "table" {
  value = module.daily.tabel
}

output "schedule" {
  value = module.weekly.schedule
}

output "port" {
  value = data_product.orders.ports.daily
}
