resource "terraform_data" "each" {
  for_each = toset(["a", "b", "c"])
}

import {
  to = terraform_data.each["a"]
  id = ""
}

import {
  to = terraform_data.each["b"]
  id = ["b"]
}

import {
  to = terraform_data.each[null]
  id = "c"
}
