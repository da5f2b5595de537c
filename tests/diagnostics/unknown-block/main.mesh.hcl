resources "terraform_data" "region" {
  input = "north"
}

variable "region" {
  validate {
    condition     = var.region != ""
    error_message = "Name a region."
  }
}

locals {
  names {
    a = 1
  }
}

module "daily" {
  source = "./daily"

  schedule {
    hour = 3
  }
}
