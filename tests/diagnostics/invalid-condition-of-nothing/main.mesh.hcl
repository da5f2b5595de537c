variable "size" {
  validation {
    condition     = 1 > 0
    error_message = "Never said."
  }
}
