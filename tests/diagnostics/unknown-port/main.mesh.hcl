module "raw" {
  source = "./raw"
}

data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  input "raw" {
    port = "sales.raw/line@1.0.0"
  }
}
