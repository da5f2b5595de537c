variable "name" {
  description = "What the product's objects are called. The bucket has the account's number behind it."
  type        = string
  default     = "sales-orders"
}

variable "region" {
  description = "The region that everything is in."
  type        = string
  default     = "us-east-1"
}

variable "subnet_id" {
  description = "The subnet of the cluster's machines; the default network's where it is null."
  type        = string
  default     = null
}

variable "consumers" {
  description = "ARNs of those who may take the consumers' role; everyone in the account whom a policy allows to where it is null."
  type        = list(string)
  default     = null
}

variable "machine_type" {
  description = "The type of the cluster's machines."
  type        = string
  default     = "m5.xlarge"
}

variable "machines" {
  description = "How many machines the cluster starts with, beside its primary one."
  type        = number
  default     = 1
}

variable "busy_hours" {
  description = "How many hours a month the cluster works. It is ended when it has nothing to do."
  type        = number
  default     = 60
}

variable "keep_results_days" {
  description = "For how many days results of queries are kept."
  type        = number
  default     = 7
}

variable "monthly_budget" {
  description = "What the product may cost in a month, in US dollars."
  type        = number
  default     = 500
}

variable "cost_alerts_to" {
  description = "Whom to write to when the budget is used up."
  type        = string
  default     = "sales-data@example.com"
}

variable "force_destroy" {
  description = "Whether destroying the product also deletes what is in its bucket."
  type        = bool
  default     = false
}

variable "cluster_guards" {
  description = "Whether the cluster scales by itself and ends when idle. Only emulators, which know neither, want `false`."
  type        = bool
  default     = true
}

variable "endpoint_url" {
  description = "The address of an emulator; AWS itself where it is null."
  type        = string
  default     = null
}

variable "endpoints" {
  description = "The addresses of single services, `emr` and `lakeformation`, that the emulator does not serve."
  type        = map(string)
  default     = {}
}
