variable "zones" {
  default = ["a"]
}

check "zones" {
  assert {
    condition     = length(var.zones) >= 2
    error_message = "One zone is not enough: ${join(", ", var.zones)}."
  }
}

output "zones" {
  value = var.zones
}
