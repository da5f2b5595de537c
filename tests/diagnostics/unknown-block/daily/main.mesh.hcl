variable "schedule" {
  default = {}
}
