variable "hour" {
  type = number
}

variable "tags" {
  type = map(string)
}

module "daily" {
  source  = "./daily"
  regions = "north"
}
