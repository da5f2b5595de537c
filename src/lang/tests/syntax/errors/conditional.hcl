a = b ? c
d = b ? c,
e = b ? : c
f = [b ? c, d]
g = if b then c
h = b ? c :
