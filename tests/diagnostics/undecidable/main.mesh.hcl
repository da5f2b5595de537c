resource "terraform_data" "first" {}

resource "terraform_data" "second" {
  count = timestamp() == "" ? 1 : 2
}
