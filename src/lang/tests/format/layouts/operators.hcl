a=b+c*d/e%f
g=b&&c||d
h=b<c
i=b<=c
j=b>c
k=b>=c
l=b==c
m=b!=c
