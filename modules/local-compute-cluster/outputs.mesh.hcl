output "id" {
  description = "What tells this cluster from any other."
  value       = local_cluster.this.id
}

output "workers_running" {
  description = "How many workers run."
  value       = local_cluster.this.workers_running
}

output "logs" {
  description = "The workers' log files."
  value       = [for member in local_cluster.this.members : member.log]
}
