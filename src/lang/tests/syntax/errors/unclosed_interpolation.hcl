a = "hello ${name"
b = 1
c = "${var.x
d = "fine"
