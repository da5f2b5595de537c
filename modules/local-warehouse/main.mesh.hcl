resource "local_warehouse" "this" {
  path          = var.path
  journal_mode  = var.shared_over_network ? "delete" : "wal"
  quota_bytes   = var.quota_bytes
  force_destroy = var.force_destroy
}
