output "text" {
  value = "one"
}
