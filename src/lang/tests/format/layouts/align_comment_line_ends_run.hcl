a=1
# c
bcd=2
/* d */
efghij=3
