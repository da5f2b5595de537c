locals {
  a = [for x in ["a"] upper(x)]
  b = [for x : upper(x)]
  c = { for k, v in {} : v }
  d = [for k, v in {} : k => v]
  e = [x.name for x in var.list]
}
