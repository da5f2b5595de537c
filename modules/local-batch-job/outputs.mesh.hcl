output "result" {
  description = "The row of result_sql, by column; values as text."
  value       = local_job.this.output
}

output "log" {
  description = "The file with the log of the last run."
  value       = local_job.this.log
}

output "started_at" {
  description = "When the last run started."
  value       = local_job.this.started_at
}
