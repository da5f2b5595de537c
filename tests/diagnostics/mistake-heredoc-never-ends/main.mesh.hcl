resource "terraform_data" "a" {
  input = <<-EOT
    text
    END
}
