variable "path" {
  description = "The SQLite database file. A relative path starts at the root module."
  type        = string

  validation {
    condition     = can(regex("\\.(db|sqlite)$", var.path))
    error_message = "The file's name must end in .db or .sqlite."
  }
}

variable "quota_bytes" {
  description = "The most bytes that the file may take. No limit where it is left out."
  type        = number
  default     = null

  validation {
    condition     = var.quota_bytes == null ? true : var.quota_bytes >= 65536
    error_message = "A quota below 65536 bytes leaves no room for tables."
  }
}

variable "shared_over_network" {
  description = "Whether the file lies on a network file system, or its readers may read the file but not write beside it."
  type        = bool
  default     = false
}

variable "force_destroy" {
  description = "Whether deleting the warehouse also deletes tables that hold rows."
  type        = bool
  default     = false
}
