resource "local_warehouse" "shop" {
  path = "shop.db"
}

resource "local_table" "orders" {
  warehouse = local_warehouse.shop.id
  name      = "orders"
  columns = [
    { name = "id", type = "integer" },
    { name = "region", type = "string" },
  ]
  primary_key = ["id"]
  # allow_data_loss = true
}

resource "local_view" "regions" {
  warehouse = local_warehouse.shop.id
  name      = "regions"
  sql       = "SELECT region, count(*) AS orders FROM ${local_table.orders.name} GROUP BY region"
}
