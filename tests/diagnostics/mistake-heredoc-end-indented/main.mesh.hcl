resource "terraform_data" "a" {
  input = <<EOT
    text
    EOT;
}

output "a" {
  value = 1
}
