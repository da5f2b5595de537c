locals {
  a = "%{ if true }x%{ elseif false }y%{ endif }"
}
