variable "a" {
  type = strng
}

variable "b" {
  type = list(string, number)
}

variable "c" {
  type = object({ name = text })
}

variable "d" {
  type = set
}
