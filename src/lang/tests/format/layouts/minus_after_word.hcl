a=[for b in -c:b if -d]
e={for b in c:-b=>-c}
f="x${-b}"
g=h(i...)
j=[for b in c:b if !d]
