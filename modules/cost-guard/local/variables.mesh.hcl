variable "disk_bytes" {
  description = "How much disk the product may take, in bytes."
  type        = number

  validation {
    condition     = var.disk_bytes > 0 && floor(var.disk_bytes) == var.disk_bytes
    error_message = "The disk is a whole number of bytes, more than 0."
  }
}

variable "warehouse_share" {
  description = "Which part of the disk is the warehouse's, in percent; the rest is for buckets."
  type        = number
  default     = 50

  validation {
    condition     = var.warehouse_share >= 0 && var.warehouse_share <= 100
    error_message = "The share is from 0 to 100."
  }
}

variable "buckets" {
  description = "The buckets: their paths under names of your choice. Each gets the same quota."
  type        = map(string)
}

variable "job_minutes" {
  description = "For how many minutes all runs of the product's jobs together may take in a day."
  type        = number
}

variable "job_runs" {
  description = "How many runs of jobs there are in a day."
  type        = number
  default     = 1
}
