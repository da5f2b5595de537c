resource "terraform_data" "a" {
  input = {
    size = 1

  lifecycle {
    prevent_destroy = false
  }
}

output "a" {
  value = terraform_data.a.output
}
