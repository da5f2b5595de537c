variable "warehouse" {
  description = "The id of the warehouse on which the job works."
  type        = string
}

variable "loads" {
  description = "CSV files with a header to load into tables before the SQL runs. Mode is replace or append."
  type = list(object({
    table  = string
    source = string
    mode   = optional(string, "replace")
  }))
  default = []

  validation {
    condition     = alltrue([for load in var.loads : contains(["replace", "append"], load.mode)])
    error_message = "The mode of a load is \"replace\" or \"append\"."
  }
}

variable "sql" {
  description = "The statements to run, in one transaction with the loads."
  type        = string
}

variable "result_sql" {
  description = "A query whose one row becomes the output."
  type        = string
  default     = null
}

variable "triggers" {
  description = "Values whose change runs the job again, such as the digests of the files that it loads."
  type        = map(string)
  default     = {}
}

variable "timeout" {
  description = "How long a run may take, such as 30s, 5m or 1h."
  type        = string
  default     = "10m"

  validation {
    condition     = can(regex("^[0-9]+(ms|s|m|h)$", var.timeout))
    error_message = "A timeout is a number with a unit, such as 30s, 5m or 1h."
  }
}
