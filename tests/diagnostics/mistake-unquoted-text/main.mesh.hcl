resource "terraform_data" "a" {
  input = hello world
}

locals {
  path = /usr/local/bin
  url  = https://example.com
}
