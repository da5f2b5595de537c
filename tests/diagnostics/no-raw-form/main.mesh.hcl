output "regions" {
  value = ["north", "south"]
}
