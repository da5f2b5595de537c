variable "wanted" {
  default = null
}

resource "terraform_data" "a" {
  lifecycle {
    enabled = var.wanted
  }
}

resource "terraform_data" "b" {
  lifecycle {
    enabled = "sometimes"
  }
}

resource "terraform_data" "c" {
  lifecycle {
    enabled = sensitive(true)
  }
}
