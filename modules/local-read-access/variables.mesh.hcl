variable "path" {
  description = "The directory or file that may be read, with everything below it."
  type        = string
}

variable "users" {
  description = "Operating system users who may read it."
  type        = set(string)
  default     = []
}

variable "groups" {
  description = "Operating system groups whose members may read it."
  type        = set(string)
  default     = []
}
