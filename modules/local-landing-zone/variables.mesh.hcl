variable "path" {
  description = "Directory of the landing zone. A relative path starts at the root module."
  type        = string

  validation {
    condition     = length(var.path) > 0
    error_message = "The path must not be empty."
  }
}

variable "files" {
  description = "Files to land: object key to the file that is copied there, such as { \"orders.csv\" = \"source/orders.csv\" }."
  type        = map(string)
  default     = {}
}

variable "mode" {
  description = "Permissions of the directory in octal, such as \"0750\". What the umask allows where it is left out."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether deleting the landing zone also deletes files that others put there."
  type        = bool
  default     = false
}
