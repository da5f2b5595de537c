# A file as people write it.
mesh {
  required_version = ">= 0.1"
}

variable "zones" {
  type    = list(string)
  default = ["eu-1", "eu-2"]

  validation {
    condition     = length(var.zones) > 0 && alltrue([for zone in var.zones : startswith(zone, "eu-")])
    error_message = "Give at least one European zone, not ${jsonencode(var.zones)}."
  }
}

locals { prefix = "orders-${terraform.workspace}" }

locals {
  columns = {
    id    = { type = "integer", required = true }
    total = { type = "decimal(10,2)" } // in euros
    "placed at" : { type = "timestamp" }
    (var.extra) = null
  }
  by_type = { for name, column in local.columns : column.type => name... }
  first   = try(var.zones[0], local_bucket.all[*].zone, data.x.y.0.z.*.id, null)
}

resource local_bucket landing {
  for_each = toset(var.zones)
  bucket   = "${local.prefix}-${each.key}" /* one a zone */
  tags     = merge(
    local.tags,
    { zone = each.key },
    var.tags...
  )
  lifecycle { prevent_destroy = !var.ephemeral }
  policy = <<-POLICY
    %{ for reader in var.readers ~}
    allow ${reader}
    %{ endfor ~}
    deny everyone else
    POLICY
}

empty {}
output "arn" { value = local_bucket.landing["eu-1"].arn }
