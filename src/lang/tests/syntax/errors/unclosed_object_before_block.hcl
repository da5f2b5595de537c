locals {
  a = {
    b = 1
    c = [1, 2]
}

output "x" {
  value = 1
}
