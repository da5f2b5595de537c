locals {
  a[0] = 1
  b.c  = 2
}
