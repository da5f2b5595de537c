resource "local_bucket" "landing" {
  path = "landing"
}

resource "local_object" "note" {
  bucket  = local_bucket.landing.path
  key     = "note.txt"
  content = "first line\nthe second of $${two}\n"
}

resource "local_object" "settings" {
  bucket  = local_bucket.landing.path
  key     = "settings.json"
  content = jsonencode({ name = "orders", zones = ["a", "b"] })
}

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
}

resource "local_view" "regions" {
  warehouse = local_warehouse.shop.id
  name      = "regions"
  sql       = "SELECT region FROM ${local_table.orders.name} GROUP BY region"
}

resource "local_grant" "readers" {
  path        = local_bucket.landing.path
  user        = "nobody"
  permissions = "read"
}

resource "local_cluster" "spinners" {
  name         = "spinners"
  command      = ["sleep", "600"]
  workers      = 1
  stop_timeout = "1s"
}
