count   = 2
name    = "${local.prefix}${var.name}"
enabled = "true"
tags = {
  owner = var.tags.owner
  key   = 12
}
columns = [{ name = "id", width = "8" }, { name = "at", width = 4, more = true }]
any     = [1, "a"]

lifecycle {
  whatever = nope
}

size {
  cpu = 2
}

rule {
  action = "allow"
  ports  = [80, var.later_port]
  match {
    prefix = bucket.counted[1].id
  }
  match {}
}

source {
  path = "b"
}
source {
  path = "a"
}
source {
  path = "b"
}

column "id" {
  type = "text"
}
column "at" {
  type = var.secret
}
