locals {
  a = 1,000
  b = 0x1F
  c = 10GB
  d = 1.2.3
  e = .5
  f = 2 ** 3
}
