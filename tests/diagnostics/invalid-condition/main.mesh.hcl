resource "terraform_data" "region" {
  lifecycle {
    precondition {
      condition     = "north"
      error_message = "No."
    }
  }
}

output "a" {
  value = "north" ? 1 : 2
}
