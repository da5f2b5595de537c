variable "name" {}

resource "local_bucket" "inside" {
  path = var.name
}
