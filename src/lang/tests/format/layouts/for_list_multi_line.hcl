a=[
for b in c:
d
if e
]
f=[for b in c:{
d=1
}]
