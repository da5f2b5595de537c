locals {
  a = join(",", ["a"]
  b = max(1 2)
  c = max(1,, 2)
}
