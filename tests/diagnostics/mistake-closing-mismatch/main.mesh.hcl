locals {
  a = [1, 2)
  b = upper("x"]
  c = { x = 1 ]
}
