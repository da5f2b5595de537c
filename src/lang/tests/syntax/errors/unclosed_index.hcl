a = var.x[0
b = var.y["k"
c = 1
