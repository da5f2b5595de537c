resource "terraform_data" "region" {
  for_each = toset(["north", "south"])
  input    = each.key
}

resource "terraform_data" "copy" {
  count = 2
}
output "a" {
  value = terraform_data.region["nort"].input
}

output "b" {
  value = terraform_data.copy[2].id
}

output "c" {
  value = terraform_data.copy.id
}

output "d" {
  value = terraform_data.region[0]
}
