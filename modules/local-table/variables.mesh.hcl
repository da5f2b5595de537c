variable "warehouse" {
  description = "The id of the warehouse in which the table is."
  type        = string
}

variable "name" {
  description = "The table's name: lower-case letters, digits and underscores."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]*$", var.name))
    error_message = "A table's name starts with a lower-case letter and has only lower-case letters, digits and underscores."
  }
}

variable "columns" {
  description = "The columns in order, as the columns of an output port are: data_product.NAME.ports.PORT.columns."
  type = list(object({
    name           = string
    type           = string
    required       = optional(bool, false)
    description    = optional(string)
    default        = optional(string)
    classification = optional(string)
  }))

  validation {
    condition     = length(var.columns) > 0
    error_message = "A table has at least one column."
  }
}

variable "primary_key" {
  description = "The columns that tell rows apart. They must be required."
  type        = list(string)
  default     = null
}

variable "allow_data_loss" {
  description = "Whether changes and deletion may lose rows: only for tables that can be filled again from elsewhere."
  type        = bool
  default     = false
}
