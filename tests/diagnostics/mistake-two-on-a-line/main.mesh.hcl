resource "terraform_data" "a" {
  input = 1 triggers_replace = 2
}

variable "b" { type = string default = "x" }

variable "c" { type = string, default = "x" }
