a =
b = 
c = 1 +
d = f(1, )
e = [1, , 2]
f = !
g = a ? : b
h = [for x in : x]
