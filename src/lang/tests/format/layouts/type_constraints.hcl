variable "a"{
type=object({
b=string
ccc=optional(list(string),[])
d=map(object({e=number}))
})
}
variable b {
type=tuple([string,number])
}
