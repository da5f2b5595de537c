output "most_machines" {
  description = "How many machines the cluster may have beside its primary one, at least one; null without a cluster."
  value       = var.cluster == null ? null : local.most_machines
}

output "most_bytes_a_query" {
  description = "How many bytes a query may read: the cutoff of the workgroup. Null without queries."
  value       = local.bytes_a_query == null ? null : max(local.bytes_a_query, 10485760)
}

output "idle_timeout" {
  description = "After how many seconds without work the cluster shall end, for its `auto_termination_policy`: waiting then costs a twentieth of its part of the limit at most. From a minute to an hour; null without a cluster."
  value       = var.cluster == null ? null : max(60, min(3600, local.idle_seconds))
}

output "budget" {
  description = "The name of the budget."
  value       = aws_budgets_budget.this.name
}
