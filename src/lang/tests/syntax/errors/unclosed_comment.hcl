a = 1
/* this never ends
b = 2
