a=1 # b
ccc=22
e=333# f
