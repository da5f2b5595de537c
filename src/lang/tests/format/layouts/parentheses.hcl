a=( b )
c=((b))
d=( b+c )*e
f=(
b
)
