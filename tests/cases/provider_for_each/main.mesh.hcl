variable "regions" {
  type = map(string)
  default = {
    north = "north"
    south = "south"
    west  = "west"
  }
}

variable "used" {
  type    = set(string)
  default = ["north", "south"]
}

provider "local" {
  alias    = "by_region"
  for_each = var.regions
  base_dir = each.value
}

resource "local_bucket" "landing" {
  for_each = var.used
  provider = local.by_region[each.key]
  path     = "landing"
}

module "reports" {
  source   = "./reports"
  for_each = var.used

  providers = {
    local = local.by_region[each.key]
  }
}
