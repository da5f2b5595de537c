locals {
  a = true and false
  b = true & false
  c = not true
}
