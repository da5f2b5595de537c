output "warehouse" {
  description = "The database file: open it with sqlite3."
  value       = module.warehouse.id
}

output "totals" {
  description = "What the last run of the job counted."
  value       = module.daily_orders.result
}

output "workers_running" {
  description = "How many workers run."
  value       = module.workers.workers_running
}

output "readers" {
  description = "Who may read the landed files."
  value       = module.readers.readers
}
