variable "name" {
  description = "The cluster's name: lower-case letters, digits and hyphens."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.name))
    error_message = "A cluster's name starts with a lower-case letter and has only lower-case letters, digits and hyphens."
  }
}

variable "command" {
  description = "The program that each worker runs, and its arguments. It must stay in the foreground and end on SIGTERM."
  type        = list(string)

  validation {
    condition     = length(var.command) > 0
    error_message = "The command needs at least the program."
  }
}

variable "workers" {
  description = "How many workers run."
  type        = number
  default     = 2

  validation {
    condition     = var.workers >= 0 && var.workers <= 64
    error_message = "One machine runs 0 to 64 workers."
  }
}

variable "env" {
  description = "Variables of the workers' environment."
  type        = map(string)
  default     = {}
}

variable "working_dir" {
  description = "The directory in which the workers run. The root module's directory where it is left out."
  type        = string
  default     = null
}

variable "stop_timeout" {
  description = "How long a worker may take to end before it is killed."
  type        = string
  default     = "10s"
}
