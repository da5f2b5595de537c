variable "a" {
  default = 1
}

locals {
  wrong = var.a + "one"
}
