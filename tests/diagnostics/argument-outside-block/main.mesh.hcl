region = "north"

output "region" {
  value = local.region
}

locals {
  region = "north"
}
