# What the expressions may refer to.
locals {
  plain     = "a text without anything in it"
  greeting  = "Hello, $${name}!"
  two       = "$${a}-$${b}"
  loop      = "%%{ for x in xs }"
  each      = "%%{ for x in xs }$${x},%%{ endfor }"
  choice    = "%%{ if c }yes%%{ else }no%%{ endif }"
  lone      = "$${a}"
  attribute = "$${a.b}"
  sum       = "$${1 + 1}"
  null      = "$${null}"
  path      = "$${path.module}"
  call      = "$${upper(a)}"
  open      = "$${a"
  escaped   = "$$$${a}"
  nested    = "$${templatestring(a, {})}"
  empty     = ""
  number    = 12
  list      = ["$${a}", "b"]
  map       = { t = "$${a}" }
  index     = 0
}
