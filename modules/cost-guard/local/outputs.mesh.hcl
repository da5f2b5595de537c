output "buckets" {
  description = "The paths of the buckets, by name."
  value       = { for name, bucket in local_bucket.this : name => bucket.id }
}

output "warehouse_bytes" {
  description = "The quota of the warehouse, for its `quota_bytes`."
  value       = local.warehouse_bytes
}

output "job_timeout" {
  description = "How long one run of a job may take, for its `timeout`."
  value       = "${local.run_seconds}s"

  precondition {
    condition     = local.run_seconds >= 1
    error_message = "${var.job_minutes} minutes for ${var.job_runs} runs leave less than a second for each."
  }
}
