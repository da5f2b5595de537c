locals {
  a = {
    b = 1
    c = 2

  d = 3
}

output "x" {
  value = 1
}
