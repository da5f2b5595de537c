# On one's own machine the money is spent: what is limited is disk and time.

locals {
  warehouse_bytes = floor(var.disk_bytes * var.warehouse_share / 100)
  bucket_bytes    = floor((var.disk_bytes - local.warehouse_bytes) / max(length(var.buckets), 1))
  run_seconds     = floor(var.job_minutes * 60 / var.job_runs)
}

resource "local_bucket" "this" {
  for_each = var.buckets

  path        = each.value
  quota_bytes = local.bucket_bytes
}
