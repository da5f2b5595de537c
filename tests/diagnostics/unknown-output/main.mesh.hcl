resource "terraform_data" "region" {
  input = "north"
}

output "region" {
  value = terraform_data.region.output
}
