a="${join(",",var.b)}"
c="${file("${path.module}/d")}"
e="${lookup(var.f,"g-${h}")}"
