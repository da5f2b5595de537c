resource "x" "y" {
  a = "open
  b = { c = "open too }
}
d = 1
