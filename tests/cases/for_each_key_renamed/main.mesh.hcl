resource "terraform_data" "region" {
  for_each = {
    north = "cold"
    south = "warm"
  }
  input = "${each.key} is ${each.value}"
}

output "regions" {
  value = { for key, region in terraform_data.region : key => region.output }
}
