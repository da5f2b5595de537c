a = b & c
d = b | c
e = b and c
f = b or not c
g = !b && c
