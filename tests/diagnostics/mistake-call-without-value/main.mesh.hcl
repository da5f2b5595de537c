locals {
  upper("x")
  print "x"
}
