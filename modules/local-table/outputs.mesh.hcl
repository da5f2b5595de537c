output "id" {
  description = "The warehouse's id and the table's name, joined by #."
  value       = local_table.this.id
}

output "name" {
  description = "The table's name. SQL that uses it waits until the table is there."
  value       = local_table.this.name
}

output "location" {
  description = "The table as a sqlite:// URL."
  value       = local_table.this.location
}

output "creation" {
  description = "What tells this table from an earlier one of the same name: a trigger for what fills it."
  value       = local_table.this.creation
}
