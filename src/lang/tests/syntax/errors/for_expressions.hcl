a = [for]
b = {for = 1}
c = [for x in y x]
d = {for x in y : x}
e = [for x in y : x => x]
f = [for x in y : x...]
g = [for x y : x]
h = [for x, y, z in w : x]
i = {for k, v in m : k -> v}
j = [for x in y : x,]
k = [for "x" in y : x]
