output "tidy" {
  value = 1
}
