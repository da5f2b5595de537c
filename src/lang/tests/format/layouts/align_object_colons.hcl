a={
b:1
cde:2
f=3
ghi=4
}
