resource "terraform_data" "region" {
  input = trimspace(file("region.txt"))
}
