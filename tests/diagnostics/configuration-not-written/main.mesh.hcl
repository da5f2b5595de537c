resource "terraform_data" "orders" {
}
