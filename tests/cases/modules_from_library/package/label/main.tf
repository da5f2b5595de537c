output "text" {
  value = "with a label"
}

output "path" {
  value = path.module
}
