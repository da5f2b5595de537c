a = b = c
d = (e = f)
g = h == 1 = 2
i = f(x = 1)
j = "${k = 1}"
