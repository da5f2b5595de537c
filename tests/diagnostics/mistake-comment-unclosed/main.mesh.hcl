locals {
  a = 1
}

/* the rest is
output "a" {
  value = local.a
}
