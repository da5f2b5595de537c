resource "terraform_data" "name" {
  input = "data/landing"
}

resource "local_bucket" "landing" {
  path = terraform_data.name.input
}

import {
  to = local_bucket.landing
  id = terraform_data.name.output
}
