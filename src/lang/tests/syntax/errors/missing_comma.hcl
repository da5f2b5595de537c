a = [1 2]
b = f(x y)
c = { d = 1 e = 2 }
f = [
  "x"
  "y"
]
g = f(
  a,
  b
  c
)
