output "number" {
  value = 8080
}
