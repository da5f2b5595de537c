locals {
  a = "x ${upper("y")"
  b = "z"
}
