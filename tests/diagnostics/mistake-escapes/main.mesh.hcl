locals {
  pattern = regex("\d+", "12")
  path    = "C:\temp\new"
}
