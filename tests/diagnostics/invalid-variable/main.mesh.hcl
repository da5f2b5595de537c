variable "hour" {
  type    = number
  default = 24

  validation {
    condition     = var.hour >= 0 && var.hour < 24
    error_message = "An hour is from 0 to 23."
  }
}

variable "token" {
  type      = string
  default   = "secret"
  sensitive = true

  validation {
    condition     = length(var.token) == 32
    error_message = "The token ${var.token} has not 32 letters."
  }
}
