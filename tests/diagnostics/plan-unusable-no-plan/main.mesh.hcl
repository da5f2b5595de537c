resource "terraform_data" "region" {
  input = "north"
}
