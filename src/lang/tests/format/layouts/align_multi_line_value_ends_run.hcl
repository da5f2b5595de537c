a=1
bcd=[
1]
efg=2
h={}
ijkl=f(
)
m=3
