resource "x" "y" {
  a = 1
  b {
    c = 1
  }
