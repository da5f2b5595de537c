variable "region" {
  default = "north"

  validation {
    condition     = var.region != "north"
    error_message = "The north is closed."
  }
}

resource "terraform_data" "region" {
  input = var.region
}

resource "terraform_data" "copy" {
  count = terraform_data.region.input / 2
}

output "sum" {
  value = 0 / 0
}

output "copies" {
  value = length(terraform_data.copy)
}
