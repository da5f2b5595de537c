resource "terraform_data" "a" {
  count = 2
  input = "a${count.index}"
}

resource "terraform_data" "b" {
  count = 2
  input = terraform_data.a[count.index].output
}

locals {
  all = terraform_data.a[*].output
}

resource "terraform_data" "c" {
  input = local.all
}

resource "terraform_data" "d" {
  count = terraform_data.a[0].output == "a0" ? 1 : 0
}

output "all" {
  value = local.all
}
