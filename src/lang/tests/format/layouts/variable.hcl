variable "a"{
description="b"
type=string
default=null
validation{
condition=length(var.a)>4&&substr(var.a,0,4)=="ami-"
error_message="c"
}
}
