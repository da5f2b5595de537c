resource "terraform_data" "orders" {
}

resource "terraform_data" "sales" {
}
