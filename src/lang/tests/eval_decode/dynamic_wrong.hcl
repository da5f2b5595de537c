name = "x"

dynamic "rule" {
  for_each = [1, 2, 3]
  content {
    action = rule.vale
  }
}

dynamic "rul" {
  for_each = []
  content {}
}

dynamic "source" {
  foreach = []
  path    = "x"
}

dynamic "size" {
  for_each = 3
  iterator = "x"
  content {
    cpus = 1
  }
}

dynamic {
  for_each = []
  content {}
}

dynamic "column" {
  for_each = ["a"]
  labels   = [var.later]
  content {
    type = "t"
  }
}
