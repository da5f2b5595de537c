a=1
bcd=2

efghi=3
j=4
