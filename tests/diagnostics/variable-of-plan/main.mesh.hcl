variable "token" {
  type      = string
  ephemeral = true
}

variable "later" {
  type      = string
  ephemeral = true
  default   = null
}

variable "size" {
  type    = number
  default = 1
}

resource "terraform_data" "a" {
  input = var.size
}
