variable "token" {
  default   = "secret"
  sensitive = true
}

resource "terraform_data" "list" {
  for_each = ["north", "south"]
}

resource "terraform_data" "number" {
  for_each = 3
}

resource "terraform_data" "numbers" {
  for_each = toset([1, 2])
}

resource "terraform_data" "nothing" {
  for_each = null
}

resource "terraform_data" "secret" {
  for_each = toset([var.token])
}
