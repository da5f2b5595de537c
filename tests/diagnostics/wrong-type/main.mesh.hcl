variable "hour" {
  type    = number
  default = "three"
}

variable "regions" {
  type    = list(string)
  default = ["north"]

  nullable = "sometimes"
}

module "daily" {
  source = ["./daily"]
}
