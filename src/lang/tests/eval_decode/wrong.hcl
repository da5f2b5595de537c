nam     = "x"
arn     = "a"
old     = "o"
rule    = []
enabled = "maybe"
columns = [{ name = "id", width = "wide" }]
tags    = var.zones
zone    = nope.x

tags {
  a = 1
}

sise {}

rule {
  action = "a"
}
rule {
  ports = ["x"]
}
rule "label" {
  action = "c"
}

size {}
size {}

column {
  type = "x"
}
column "a" {
  type = "x"
}
column "a" {
  type = "y"
}
