a = f(x..., y)
b = f(x...,)
c = [x...]
d = x...
