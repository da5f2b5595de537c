a = "this is open
b = 2
c = "closed"
