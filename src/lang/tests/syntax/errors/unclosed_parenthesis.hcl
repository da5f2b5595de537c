a = merge(local.x, {
  b = 1
}
c = 2
