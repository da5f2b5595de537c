a={
b=1
ccc="d"
}
e={
b=1,
ccc=2,
}
f={ b=1
c=2 }
