output "path" {
  description = "Absolute path of the directory."
  value       = local_bucket.this.id
}

output "location" {
  description = "The directory as a file:// URL."
  value       = local_bucket.this.location
}

output "objects" {
  description = "The landed files by key, each with its absolute path and the SHA-256 of its content."
  value       = { for key, object in local_object.this : key => { path = object.id, sha256 = object.sha256 } }
}
