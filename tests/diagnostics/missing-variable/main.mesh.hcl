variable "region" {
  type        = string
  description = "Where it runs."
}

variable "hour" {
  type = number
}

variable "owner" {
  default = "sales"
}
