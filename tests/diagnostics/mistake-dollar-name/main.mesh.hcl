locals {
  a = $var.name
  b = "$var.name"
  c = @name
}
