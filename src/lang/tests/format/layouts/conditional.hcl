a=b?c:d
e=(f)?[g]:{h=1}
i=j ?k: l
m=b?-1:-2
