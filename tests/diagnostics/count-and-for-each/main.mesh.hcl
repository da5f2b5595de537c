resource "terraform_data" "region" {
  count    = 2
  for_each = toset(["north", "south"])
}
