a = 1
b {
  a = 1
  c = 2
  a = 3
  a = 4
}
a = 2
