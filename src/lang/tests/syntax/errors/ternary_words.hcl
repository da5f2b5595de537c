a = b is null
c = x in y
d = x if y else z
