output "region" {
  value = "north"
}
