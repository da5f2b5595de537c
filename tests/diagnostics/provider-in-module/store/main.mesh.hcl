provider "local" {}

resource "local_bucket" "landing" {
  path = "landing"
}
