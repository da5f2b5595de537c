locals {
  a = true ?? 1
  b = 1 if true else 2
  c = !true && || false
}
