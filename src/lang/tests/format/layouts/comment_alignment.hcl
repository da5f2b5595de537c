a=1 # b
ccc=22 # d
e=333# f
