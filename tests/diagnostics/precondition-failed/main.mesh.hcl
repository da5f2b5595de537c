variable "region" {
  default = "nort"
}

resource "terraform_data" "region" {
  input = var.region

  lifecycle {
    precondition {
      condition     = contains(["north", "south"], var.region)
      error_message = "The region ${var.region} has no data centre; there are north and south."
    }
  }
}

output "region" {
  value = var.region

  precondition {
    condition     = length(var.region) == 5
    error_message = "A region has five letters."
  }
}
