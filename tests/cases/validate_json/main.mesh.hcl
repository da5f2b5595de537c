resource "terraform_data" "a" {
  input = "fine"
  wrong = terraform_data.b.output
}
