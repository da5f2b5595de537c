a=merge({
b=1
},
{
c=2
})
