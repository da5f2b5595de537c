resource "local_job" "this" {
  warehouse  = var.warehouse
  sql        = var.sql
  result_sql = var.result_sql
  timeout    = var.timeout
  triggers   = var.triggers

  dynamic "load" {
    for_each = var.loads

    content {
      table  = load.value.table
      source = load.value.source
      mode   = load.value.mode
    }
  }
}
