output "text" {
  value = "more, from another repository"
}
