a = { b }
c = { "d" }
e = { f = }
g = { h = 1, , i = 2 }
j = { k: }
l = {
  m = 1
  n 2
  o = [1 2]
  p = 'q'
  r
}
