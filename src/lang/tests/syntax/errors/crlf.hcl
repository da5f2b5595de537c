a = 'x'
b = "open
c = 1
