locals {
  a = true ? 1
  b = true ? : 2
}
