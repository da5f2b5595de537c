a=b . c . d
e=b
f=b . 0 . c
