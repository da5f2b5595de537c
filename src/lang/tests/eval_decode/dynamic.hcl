name = "x"

dynamic "rule" {
  for_each = var.zones
  content {
    action = rule.value
    ports  = [rule.key]
    dynamic "match" {
      for_each = [1]
      iterator = m
      content {
        prefix = "${rule.value}-${m.value}"
      }
    }
  }
}

dynamic "column" {
  for_each = var.tags
  iterator = it
  labels   = [it.key]
  content {
    type = it.value
  }
}

dynamic "source" {
  for_each = var.later_list
  content {
    path = "${source.value}${var.name}"
  }
}

dynamic "size" {
  for_each = var.secret == "hush" ? [1] : []
  content {
    cpu = size.value
  }
}
