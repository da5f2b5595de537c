a=var.b
c=module.d.e
f=data.g.h[count.index].i
j=each.value["k"]
