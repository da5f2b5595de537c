a=[for b in[1,2]:b]
c=[for b in ["x"]: b]
d={for b in{e=1}:b=>b}
f=[for b,c in[1]:b]
