resource "x" "a-${y}-b" {
  c = 'd'
}
