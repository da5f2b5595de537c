a = “x”
b = ‘y’
c = [“z”, "ok"]
