resource "terraform_data" "a" {
  count = 2
  input = "same"
}

resource "terraform_data" "free" {
  input = "same"
}
