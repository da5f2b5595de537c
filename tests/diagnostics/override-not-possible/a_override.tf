variable "region" {
  validation {
    condition     = var.region != ""
    error_message = "Name a region."
  }
}

resource "terraform_data" "a" {
  depends_on = [terraform_data.b]

  lifecycle {
    precondition {
      condition     = false
      error_message = "No."
    }
  }
}

output "a" {
  precondition {
    condition     = false
    error_message = "No."
  }
}

check "c" {
  assert {
    condition     = true
    error_message = "No."
  }
}

x = 1
