resource "terraform_data" "a" {
  depends_on = ["terraform_data.b", "terraform_data.none"]
}

resource "terraform_data" "b" {}
