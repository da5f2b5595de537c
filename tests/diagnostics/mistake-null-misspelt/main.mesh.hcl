locals {
  a = nul
  b = None
  c = True
}
