module "daily" {
  source = "./daily"
}

module "weekly" {}

output "region" {
  description = "Where it runs."
}

variable "hour" {
  default = 3

  validation {
    condition = var.hour < 24
  }
}

resource "local_object" "prices" {
  content = "a,b"
}
