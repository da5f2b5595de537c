dynamic "a"{
for_each=var.b
iterator=c
content{
d=c.value.e
}
}
