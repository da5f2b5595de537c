# Zones of the mesh.
locals {
  zones=["landing","curated"] # in this order
  owner = "${var.owner}"
  text=<<-EOT
      kept  as = it is
    EOT
}

variable owner {
	type = "string"
  default="someone"
}
