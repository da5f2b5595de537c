output "b" {
  value = terraform_data.b.output
