mesh {
  required_version = ">= 0.1"
}

locals {
  # The raw order lines are this product's own business: no port shows them, so no contract holds for them.
  order_line_columns = [
    { name = "order_id", type = "integer", required = true },
    { name = "line", type = "integer", required = true },
    { name = "order_date", type = "date", required = true },
    { name = "region", type = "string", required = true },
    { name = "customer", type = "string", required = true, classification = "confidential" },
    { name = "article", type = "string", required = true },
    { name = "quantity", type = "integer", required = true },
    { name = "price_cents", type = "integer", required = true },
    { name = "state", type = "string", required = true },
  ]
  port = data_product.orders.ports.orders_daily
}

module "landing" {
  source = "../../modules/local-landing-zone"

  path  = "${var.home}/landing"
  files = { "orders.csv" = "source/orders.csv" }
}

module "warehouse" {
  source = "../../modules/local-warehouse"

  path        = "${var.home}/orders.db"
  quota_bytes = 256 * 1024 * 1024
}

module "order_lines" {
  source = "../../modules/local-table"

  warehouse       = module.warehouse.id
  name            = "order_lines"
  columns         = local.order_line_columns
  primary_key     = ["order_id", "line"]
  allow_data_loss = true # the landing zone has every row
}

module "orders_daily" {
  source = "../../modules/local-table"

  warehouse       = module.warehouse.id
  name            = "orders_daily"
  columns         = local.port.columns
  primary_key     = local.port.primary_key
  allow_data_loss = true # the job computes every row again
}

module "daily_orders" {
  source = "../../modules/local-batch-job"

  warehouse  = module.warehouse.id
  loads      = [{ table = module.order_lines.name, source = module.landing.objects["orders.csv"].path }]
  sql        = file("${path.module}/sql/aggregate.sql")
  result_sql = file("${path.module}/sql/totals.sql")

  triggers = {
    orders  = module.landing.objects["orders.csv"].sha256
    table   = module.orders_daily.creation
    columns = join(",", [for column in local.port.columns : "${column.name} ${column.type}"])
  }
}

resource "local_view" "revenue_by_region" {
  warehouse = module.warehouse.id
  name      = "revenue_by_region"
  sql       = <<-SQL
    SELECT region, sum(orders) AS orders, round(sum(revenue), 2) AS revenue
    FROM ${module.orders_daily.name}
    GROUP BY region
    ORDER BY revenue DESC
  SQL
}

# Where people drop files for the workers, and where the workers put what they made of them.
module "exchange" {
  source = "../../modules/local-landing-zone"

  path          = "${var.home}/exchange"
  force_destroy = true
}

module "workers" {
  source = "../../modules/local-compute-cluster"

  name    = "orders-workers"
  workers = var.workers
  command = ["sh", "worker.sh", "${module.exchange.path}/inbox", "${module.exchange.path}/outbox"]
}

module "readers" {
  source = "../../modules/local-read-access"

  path  = module.landing.path
  users = var.readers

  depends_on = [module.landing] # the files too, so that the access covers them
}
