variable "home" {
  description = "Directory for everything that the product keeps, relative to this one."
  type        = string
  default     = "data"
}

variable "workers" {
  description = "How many workers summarise dropped files."
  type        = number
  default     = 2
}

variable "readers" {
  description = "Operating system users who may read the landed files."
  type        = set(string)
  default     = ["nobody"]
}
