resource "terraform_data" "each" {
  count = 2
}

module "inner" {
  source = "./inner"
}

import {
  to = terraform_data.each
  id = "a"
}

import {
  to = module.inner["x"].terraform_data.one
  id = "a"
}

import {
  to = module.iner.terraform_data.one
  id = "a"
}

import {
  to = data.local_file.one
  id = "a"
}

import {
  to = terraform_data.each[count.index]
}
