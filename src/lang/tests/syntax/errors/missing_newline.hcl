a = 1 b = 2
c {} d {}
e {
  f = 1 }
g = 1 h { i = 1 }
