a={
for b,c in d:
b=>{
e=c
}
if b
}
