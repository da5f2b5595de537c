resource "terraform_data" "region" {
  lifecycle {
    precondition {
      condition     = var.region
      error_message = "No."
    }
  }
}

output "a" {
  value = "north" ? 1 : 2
}

variable "region" {
  default = "north"
}
