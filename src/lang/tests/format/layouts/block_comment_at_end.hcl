aaa=1 # b
c=1 /* d */