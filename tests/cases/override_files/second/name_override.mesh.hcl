output "name" {
  description = "Its value is kept."
}
