variable "name" {
  description = "What the budget and the policy are called."
  type        = string
}

variable "product" {
  description = "The data product's id, such as `sales.orders`. What carries it in the tag `product` is counted."
  type        = string
}

variable "region" {
  description = "The region of the machines and queries, of which the prices are taken."
  type        = string
}

variable "monthly_limit" {
  description = "What the product may cost in a month, in US dollars."
  type        = number

  validation {
    condition     = var.monthly_limit > 0
    error_message = "The limit must be more than 0."
  }
}

variable "notify" {
  description = "Mail addresses that hear when the limit is used up to 80 %, and when the forecast passes it."
  type        = set(string)
}

variable "stop" {
  description = "What happens when the limit is used up: these roles lose the right to start clusters, jobs and queries. Whoever `execution_role` names does it, and must be allowed to attach policies to them. Nothing where it is null."
  type = object({
    roles          = set(string)
    execution_role = string
  })
  default = null
}

variable "cluster" {
  description = "A cluster that may grow: the type of its machines, how many hours a month it works in how many runs, and which part of the limit is for it, in percent. It never gets more machines than that pays for. `scale` says whether EMR adds and takes away machines by itself."
  type = object({
    instance_type = string
    busy_hours    = optional(number, 730)
    runs          = optional(number, 30)
    share         = optional(number, 70)
    scale         = optional(bool, true)
  })
  default = null
}

variable "cluster_id" {
  description = "The id of the cluster. It stands apart from `cluster`, so that the cluster itself can take what is derived from that."
  type        = string
  default     = null
}

variable "queries" {
  description = "Queries of Athena: how many there are in a month at most, and which part of the limit is for them, in percent. From these comes how much one may read."
  type = object({
    a_month = number
    share   = optional(number, 20)
  })
  default = null
}

variable "storage" {
  description = "A bucket in which data gets old: after so many days it moves to a class that is cheaper to keep, after so many it is deleted. A bucket has one set of lifecycle rules: leave this out where it has others."
  type = object({
    bucket       = string
    prefix       = optional(string, "")
    archive_days = optional(number, 30)
    expire_days  = number
  })
  default = null

  validation {
    condition     = var.storage == null || try(var.storage.archive_days >= 30 && var.storage.expire_days > var.storage.archive_days, false)
    error_message = "S3 moves objects to STANDARD_IA from 30 days on, and what is deleted must have been archived before."
  }
}
