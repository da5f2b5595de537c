name="a"
size = 1
