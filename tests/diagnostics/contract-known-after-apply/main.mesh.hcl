resource "terraform_data" "region" {
  input = "north"
}

data_product "orders" {
  domain  = "sales"
  version = terraform_data.region.id
  owner   = "sales-data@example.com"
}
