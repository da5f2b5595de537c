output "a"{
value="${aws_instance.b.*.id}"
description="c"
sensitive=true
}
