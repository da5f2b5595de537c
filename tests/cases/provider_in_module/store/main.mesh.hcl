variable "where" {}

provider "local" {
  base_dir = var.where
}

resource "local_bucket" "old" {
  path = "old"
}
