mesh {
  required_version = ">= 0.1"
}

provider "aws" {
  region            = var.region
  endpoint_url      = var.endpoint_url
  s3_use_path_style = var.endpoint_url != null

  # Services that another emulator serves.
  endpoints {
    emr           = lookup(var.endpoints, "emr", null)
    lakeformation = lookup(var.endpoints, "lakeformation", null)
  }

  default_tags {
    tags = local.tags
  }
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  tags    = { product = "sales.orders", owner = "sales-data" }
  port    = data_product.orders.ports.orders_daily
}
