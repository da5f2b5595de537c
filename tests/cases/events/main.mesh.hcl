resource "terraform_data" "a" {
  input = "hello"
}

output "said" {
  value = terraform_data.a.output
}
