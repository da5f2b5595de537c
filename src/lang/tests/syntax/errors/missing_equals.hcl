a 1
b [1, 2]
c "text"
d
e -1
