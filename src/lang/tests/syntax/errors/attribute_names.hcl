a = b.
c = b."d"
e = b..c
f = b.(c)
g = b.${c}
h = [b., c]
