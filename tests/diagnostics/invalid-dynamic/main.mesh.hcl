resource "local_table" "orders" {
  warehouse = "w"
  name      = "orders"

  dynamic "columns" {
    content {}
  }
}

data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales@example.com"

  dynamic "output" {
    for_each = ["daily"]
  }

  dynamic "outputs" {
    for_each = ["daily"]
    content {}
  }
}
