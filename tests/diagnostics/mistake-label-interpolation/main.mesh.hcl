resource "terraform_data" "a-${var.name}" {
  input = 1
}
