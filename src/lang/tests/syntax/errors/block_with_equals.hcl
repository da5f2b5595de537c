variable foo = {
  a = 1
}
variable "b" = 1
c d = 2
