output "id" {
  description = "Absolute path of the database file: what tables, views and jobs take as their warehouse."
  value       = local_warehouse.this.id
}

output "location" {
  description = "The warehouse as a sqlite:// URL. A table's location adds # and its name."
  value       = local_warehouse.this.location
}
