output "a" {
  value = local.b
}
