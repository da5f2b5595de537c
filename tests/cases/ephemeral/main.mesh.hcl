variable "where" {
  type      = string
  ephemeral = true
}

variable "note" {
  type      = string
  ephemeral = true
  default   = null
}

variable "name" {
  type    = string
  default = "landing"
}

locals {
  directory = "./${var.where}"
}

provider "local" {
  base_dir = module.paths.directory
}

module "paths" {
  source    = "./paths"
  directory = local.directory
}

resource "local_bucket" "landing" {
  path = var.name

  lifecycle {
    precondition {
      condition     = length(var.where) > 2
      error_message = "The directory's name is too short."
    }
  }
}

output "note" {
  value = ephemeralasnull(var.note) == null ? "nothing is kept" : "kept"
}
