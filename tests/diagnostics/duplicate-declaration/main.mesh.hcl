variable "region" {}

variable "region" {
  default = "north"
}

locals {
  bucket = "orders"
}

locals {
  bucket = "returns"
}

resource "terraform_data" "daily" {}

resource "terraform_data" "daily" {}

provider "local" {}

provider "local" {}
