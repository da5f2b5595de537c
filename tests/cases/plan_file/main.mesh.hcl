resource "terraform_data" "a" {
  input = "one"
}

output "value" {
  value = terraform_data.a.output
}
