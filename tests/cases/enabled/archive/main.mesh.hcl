resource "terraform_data" "box" {
  input = "box"
}

output "name" {
  value = terraform_data.box.output
}
