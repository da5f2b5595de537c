variable "path" {
  type = string
}
