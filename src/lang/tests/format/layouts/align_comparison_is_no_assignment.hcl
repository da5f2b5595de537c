a=b==c
bcd=b!=c
ef=b>=c
